using System.Collections.Immutable;

namespace DrMesh.Core.Setup;

/// <summary>What is wrong with the machine the programs run on.</summary>
public static class MachineFindings
{
    private const string Subject = "this machine";
    private const int OldestPostgres = 15;

    /// <summary>The programs that are called, and the Debian package that brings each.</summary>
    public static readonly ImmutableDictionary<string, string> PackageOf = new Dictionary<string, string>
    {
        ["postgres"] = "postgresql-15",
        ["initdb"] = "postgresql-15",
        ["pg_ctl"] = "postgresql-15",
        ["pg_basebackup"] = "postgresql-15",
        ["pg_rewind"] = "postgresql-15",
        ["setpriv"] = "util-linux",
    }.ToImmutableDictionary();

    /// <summary>The findings.</summary>
    public static ImmutableArray<SetupFinding> Of(MachineFacts machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var found = new FindingList(Subject);
        var missing = machine.Programs.Where(program => program.Value is null).Select(program => program.Key).Order(StringComparer.Ordinal).ToArray();
        found.Require(
            missing.Length == 0,
            "programs",
            $"all programs are there: {string.Join(", ", machine.Programs.Keys.Order(StringComparer.Ordinal))}",
            $"not installed: {string.Join(", ", missing)}",
            $"apt-get install --no-install-recommends {string.Join(' ', missing.Select(program => PackageOf.GetValueOrDefault(program, program)).Distinct().Order(StringComparer.Ordinal))}");
        if (machine.PostgresMajor is { } major)
        {
            found.Require(
                major >= OldestPostgres,
                "programs", $"the programs of PostgreSQL {major}", $"the programs are those of PostgreSQL {major}; 15 or newer are needed", "apt-get install --no-install-recommends postgresql-15");
        }

        found.Require(
            machine.StateFolderProblem is null,
            "rights", $"{machine.StateFolder} can be written", $"{machine.StateFolder} cannot be written: {machine.StateFolderProblem}", "run as the user that owns it, or set DRMESH_STATE to a folder of your own");
        foreach (var secret in machine.OpenSecrets)
        {
            found.Problem("rights", $"{secret} can be read by every user of this machine", $"chmod 600 {secret}");
        }

        return found.ToImmutable();
    }

    /// <summary>Whether the programs fit a server: <c>pg_rewind</c> and <c>pg_basebackup</c> work with their own major version only.</summary>
    public static ImmutableArray<SetupFinding> Beside(MachineFacts machine, ServerFacts server)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(server);
        var found = new FindingList(Subject);
        var major = server.Version / 10000;
        if (machine.PostgresMajor is { } own && own != major)
        {
            found.Problem(
                "programs",
                $"the programs here are those of PostgreSQL {own}, {server.Name} is {major}: its agent needs the same",
                $"apt-get install postgresql-{major} on its machine, or set DRMESH_PG_BIN to the directory of these programs");
        }

        return found.ToImmutable();
    }
}
