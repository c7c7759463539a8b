using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Replication;

namespace DrMesh.Engines.PostgreSql.Rewind;

/// <summary>Brings a stopped former primary back to a new one's history. What only it had is kept aside, never dropped in silence.</summary>
internal sealed partial class FormerPrimary(NodeAgentOptions options, ServerDirectory directory)
{
    private static readonly string[] Configuration = ["postgresql.conf", "postgresql.base.conf", "pg_hba.conf", "pg_ident.conf", "patroni.dynamic.json"];

    // As often as something is kept aside under one epoch. Whoever comes back so often and does not stay needs a person, and the disk has an end.
    private const int MostAside = 3;

    private readonly string _data = options.Instance.DataDirectory;

    /// <summary><c>pg_rewind</c>: goes back to where the two parted. Needs data checksums or <c>wal_log_hints</c>, and the WAL since the last checkpoint before that.</summary>
    /// <returns>What was done, for the evidence, and what only it had; null: that cannot be told.</returns>
    public async Task<(string Done, LostWal? Lost)> RewindAsync(UpstreamServer source, long epoch, CancellationToken cancellationToken)
    {
        if (await directory.ReadControlAsync(cancellationToken) is { IsShutDown: false } crashed)
        {
            // pg_rewind itself brings it to a clean stop first, in single-user mode, which refuses to be a standby and ends with a checkpoint. On the timeline of the server it is to
            // follow, that is WAL which only it has, and pg_rewind would take it for the other's.
            if (crashed.RanAsStandby)
            {
                throw new DrMeshException(
                    DrMeshError.ServerUnwilling, $"{options.Member} is a standby that crashed, or a copy that has not run yet: pg_rewind would have it write WAL of its own",
                    "it is started as a standby first; where it does not stream then, a new copy is taken");
            }

            directory.MakePrimary();
        }

        // A primary that was promoted a moment ago names its new timeline in pg_control only after its next checkpoint; before version 16 pg_rewind reads it there and
        // would find nothing to take back.
        await directory.CheckpointAsync(source, cancellationToken);
        var aside = await KeepWalAsideAsync(epoch, cancellationToken);
        await KeepConfigurationAsync(_data, Kept, cancellationToken);
        var result = await directory.RunToolAsync(
            "pg_rewind",
            ["--target-pgdata", _data, "--source-server", directory.ConnectionTo(source) + " dbname=postgres"],
            "a new copy of the primary is taken instead; what is there now is kept aside", cancellationToken);
        // pg_rewind brings the source's configuration as well; this server's address and port are its own.
        await KeepConfigurationAsync(Kept, _data, cancellationToken);
        var parted = Parted().Match(result.Error + result.Output);
        if (!parted.Success)
        {
            Directory.Delete(aside, recursive: true);
            // What an earlier try took back is in an earlier copy, uncounted here.
            return ("pg_rewind: nothing to take back", aside == AsideWal(epoch) ? new LostWal(0, 0) : null);
        }

        var (at, timeline) = (Lsn.Parse(parted.Groups[1].Value), new TimelineId(uint.Parse(parted.Groups[2].Value, CultureInfo.InvariantCulture)));
        var lost = await LostWal.CountAsync(arguments => directory.TryToolAsync("pg_waldump", arguments, cancellationToken), aside, timeline, at);
        var counted = lost is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({lost.Bytes} bytes with {lost.Commits} commits after)");
        return ($"pg_rewind: parted at {at} on timeline {timeline}{counted}; its WAL until then and after is kept in {aside}", lost);
    }

    /// <summary><c>pg_basebackup</c> from the primary; the old data directory is kept aside whole, but for a copy that has not run.</summary>
    /// <returns>What was done, for the evidence.</returns>
    public async Task<string> ReseedAsync(UpstreamServer source, long epoch, CancellationToken cancellationToken)
    {
        // What is there is kept, and there must be room for it before anything is copied. A copy of an earlier try that has not run has nothing but the other's; what was there before it is aside.
        var (first, copy) = (AsideOf(epoch), _data + ".seed");
        var isKept = Directory.Exists(_data) && !(directory.HasNotRun && Directory.Exists(first));
        var aside = isKept ? Aside(epoch) : first;
        await directory.RunAsync("rm", ["-rf", "--", copy], "remove it by hand", cancellationToken);
        List<string> arguments = ["--pgdata", copy, "--host", source.Host, "--port", source.Port.ToString(CultureInfo.InvariantCulture)];
        arguments.AddRange(["--username", options.ReplicationUser, "--no-password", "--wal-method", "stream", "--checkpoint", "fast"]);
        if (directory.PassFile is { } passwords)
        {
            arguments.AddRange(["--dbname", $"passfile={passwords}"]);
        }

        await directory.RunToolAsync("pg_basebackup", arguments, $"{source.Name} must accept replication connections of {options.ReplicationUser}", cancellationToken);

        // The member's own address and port stay; everything else comes from the primary. After a crash between the two moves below, the old directory is aside already.
        await KeepConfigurationAsync(Directory.Exists(_data) ? _data : first, copy, cancellationToken);
        if (isKept)
        {
            Directory.Move(_data, aside);
        }
        else if (directory.HasNotRun)
        {
            await directory.RunAsync("rm", ["-rf", "--", _data], "remove it by hand", cancellationToken);
        }

        Directory.Move(copy, _data);
        return $"re-seed from {source.Name}; the old data directory is kept as {aside}";
    }

    private string Kept => _data + ".drmesh-configuration";

    private async Task KeepConfigurationAsync(string from, string to, CancellationToken cancellationToken)
    {
        await directory.RunAsync("mkdir", ["-p", "--", to], "the directory's parent must belong to the server's user", cancellationToken);
        foreach (var name in Configuration.Where(name => File.Exists(Path.Combine(from, name))))
        {
            await directory.RunAsync("cp", ["--", Path.Combine(from, name), Path.Combine(to, name)], "the disk must have room", cancellationToken);
        }
    }

    private async Task<string> KeepWalAsideAsync(long epoch, CancellationToken cancellationToken)
    {
        // An earlier try under this epoch may have taken back what only this server had: its copy stays.
        var aside = Free(AsideWal(epoch));
        await directory.RunAsync("cp", ["-a", "--", Path.Combine(_data, "pg_wal"), aside], "the disk must have room for a copy of pg_wal", cancellationToken);
        return aside;
    }

    /// <summary>Where a data directory that is replaced under an epoch will be kept: nothing is there yet.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ServerUnwilling"/>: too much is kept already.</exception>
    public string Aside(long epoch) => Free(AsideOf(epoch));

    private string AsideOf(long epoch) => $"{_data}.aside-{epoch.ToString(CultureInfo.InvariantCulture)}";

    private string AsideWal(long epoch) => AsideOf(epoch) + "-wal";

    private string Free(string path) => Enumerable.Range(1, MostAside)
        .Select(number => number == 1 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{number}")).FirstOrDefault(free => !Path.Exists(free))
        ?? throw new DrMeshException(
            DrMeshError.ServerUnwilling, string.Create(CultureInfo.InvariantCulture, $"{options.Member} came back {MostAside} times under one epoch and did not stay; what it had each time is kept as {path} and beside it"),
            $"see in {_data}.log why it does not stay, and move away what is kept");

    [GeneratedRegex("servers diverged at WAL location ([0-9A-F]+/[0-9A-F]+) on timeline ([0-9]+)")]
    private static partial Regex Parted();
}
