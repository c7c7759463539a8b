using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Client;
using DrMesh.Core.Setup;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>Looks at this machine: programs, rights.</summary>
internal static class MachineReader
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The machine's facts.</summary>
    /// <param name="secrets">Files with a secret that are known; those that are not here are left out.</param>
    public static MachineFacts Read(IEnumerable<string> secrets)
    {
        var postgres = PostgresBin();
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin");
        string[] search = postgres is null ? [.. folders] : [postgres, .. folders];
        return new MachineFacts
        {
            Programs = MachineFindings.PackageOf.Keys.ToImmutableDictionary(
                program => program,
                program => search.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)),
            PostgresMajor = postgres is not null && int.TryParse(Path.GetFileName(Path.GetDirectoryName(postgres)), CultureInfo.InvariantCulture, out var major) ? major : null,
            StateFolder = StateFolder.Path,
            StateFolderProblem = WriteProblem(StateFolder.Path),
            OpenSecrets = [.. secrets.Where(file => File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    // As the silo finds them: DRMESH_PG_BIN, else the newest of Debian's.
    private static string? PostgresBin() =>
        Environment.GetEnvironmentVariable("DRMESH_PG_BIN") is { Length: > 0 } given ? given
        : !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "postgres")))
            .MaxBy(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), CultureInfo.InvariantCulture, out var major) ? major : 0);

    // A folder that is not there yet is made by the first that needs it: the nearest one above counts.
    private static string? WriteProblem(string folder)
    {
        var there = folder;
        while (!Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there) ?? "/";
        }

        var probe = Path.Combine(there, $".drmesh-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return null;
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }
}
