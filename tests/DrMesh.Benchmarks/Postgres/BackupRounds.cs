using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Core.Backups;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>Full, unchanged, 5 % changed, restore, delta restore, verify: ours and pgBackRest's turn by turn on one server.</summary>
internal sealed class BackupRounds : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly int _scale;
    private readonly Dictionary<string, (List<MeasuredRun> Ours, List<MeasuredRun> Peer)> _runs = [];
    private readonly List<double> _ourFullBytes = [];
    private readonly List<double> _peerFullBytes = [];
    private readonly List<double> _ourChangedBytes = [];
    private readonly List<double> _peerChangedBytes = [];

    private BackupRounds(PostgresServer server, int scale)
    {
        _server = server;
        _scale = scale;
    }

    public static async Task<BackupRounds> PrepareAsync(int scale, Action<string> progress, CancellationToken cancellationToken)
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"data at scale {scale}"));
        var server = await Bench.StartServerAsync(scale, new Dictionary<string, string>());
        cancellationToken.ThrowIfCancellationRequested();
        return new BackupRounds(server, scale);
    }

    public async Task<IReadOnlyList<Measurement>> MeasureAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        for (var run = 1; run <= runs; run++)
        {
            progress($"backup and restore, run {run} of {runs}");
            await RoundAsync(run % 2 == 0, progress, cancellationToken);
        }

        return
        [
            .. _runs.SelectMany(pair => Bench.Pair(pair.Key, pair.Value.Ours, pair.Value.Peer)),
            Measurement.Median("full backup, stored", "MB", _ourFullBytes, _peerFullBytes),
            Measurement.Median("5 % of pages changed, stored", "MB", _ourChangedBytes, _peerChangedBytes),
        ];
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RoundAsync(bool peerFirst, Action<string> progress, CancellationToken cancellationToken)
    {
        var (directory, step) = await Bench.CreateRepositoryAsync();
        using var store = directory;
        using var peer = await PgBackRest.CreateAsync(_server.DataDirectory, _server.Port);
        await peer.CreateStanzaAsync(cancellationToken);
        var backup = step with { Verb = "backup", ConnectionString = _server.ConnectionString, Flag = true, Backup = "full" };
        await TurnAsync("full backup", peerFirst, () => backup.MeasureAsync(cancellationToken), () => peer.BackUpAsync("full", cancellationToken), progress);
        _ourFullBytes.Add(Bench.BytesOf(store.Path) / 1e6);
        _peerFullBytes.Add(peer.RepositoryBytes() / 1e6);

        await Bench.ExecuteAsync(_server, "checkpoint");
        var again = backup with { Flag = false, Backup = "unchanged" };
        await TurnAsync("nothing changed", peerFirst, () => again.MeasureAsync(cancellationToken), () => peer.BackUpAsync("incr", cancellationToken), progress);

        // One row on each of 5 % of the pages, chosen at random; it stays on its page.
        var pages = await _server.ScalarAsync<long>("select pg_relation_size('pgbench_accounts') / 8192");
        await Bench.ExecuteAsync(
            _server,
            string.Create(
                CultureInfo.InvariantCulture,
                $"update pgbench_accounts set abalance = abalance + 1 where aid in (select 1 + (random() * ({_scale * 100000L} - 1))::int from generate_series(1, {pages / 20})); checkpoint"));
        var (ourBefore, peerBefore) = (Bench.BytesOf(store.Path), peer.RepositoryBytes());
        var changed = again with { Backup = "changed" };
        await TurnAsync("5 % of pages changed", peerFirst, () => changed.MeasureAsync(cancellationToken), () => peer.BackUpAsync("incr", cancellationToken), progress);
        _ourChangedBytes.Add((Bench.BytesOf(store.Path) - ourBefore) / 1e6);
        _peerChangedBytes.Add((peer.RepositoryBytes() - peerBefore) / 1e6);

        using var ours = await Bench.EmptyAsync();
        using var theirs = await Bench.EmptyAsync();
        var (ourTarget, peerTarget) = (Path.Combine(ours.Path, "data"), Path.Combine(theirs.Path, "data"));
        await Bench.MakeDataDirectoryAsync(ourTarget);
        await Bench.MakeDataDirectoryAsync(peerTarget);
        var restore = changed with { Verb = "restore", Target = ourTarget };
        await TurnAsync("restore", peerFirst, () => restore.MeasureAsync(cancellationToken), () => peer.RestoreAsync(peerTarget, [], cancellationToken), progress);
        await TurnAsync(
            "delta restore, same",
            peerFirst,
            () => (restore with { Flag = true }).MeasureAsync(cancellationToken),
            () => peer.RestoreAsync(peerTarget, ["--delta"], cancellationToken),
            progress);
        // Back to the full backup: 5 % of the pages differ.
        await TurnAsync(
            "delta restore, 5 % of pages differ",
            peerFirst,
            () => (restore with { Flag = true, Backup = "full" }).MeasureAsync(cancellationToken),
            () => peer.RestoreAsync(peerTarget, ["--delta", "--set=" + peer.FirstBackup()], cancellationToken),
            progress);
        // pgBackRest compares each stored file with its checksum; that every chunk can be decoded is more than it looks at.
        var verify = step with { Verb = "verify", Depth = VerifyDepth.Stored };
        await TurnAsync("verify, stored checksums", peerFirst, () => verify.MeasureAsync(cancellationToken), () => peer.VerifyAsync(cancellationToken), progress);
        var decode = verify with { Depth = VerifyDepth.Content };
        await TurnAsync("verify, all content decoded", peerFirst, () => decode.MeasureAsync(cancellationToken), () => peer.VerifyAsync(cancellationToken), progress);
    }

    private async Task TurnAsync(string name, bool peerFirst, Func<Task<MeasuredRun>> ours, Func<Task<MeasuredRun>> peer, Action<string> progress)
    {
        if (!_runs.TryGetValue(name, out var runs))
        {
            _runs[name] = runs = ([], []);
        }

        if (peerFirst)
        {
            runs.Peer.Add(await peer());
        }

        runs.Ours.Add(await ours());
        if (!peerFirst)
        {
            runs.Peer.Add(await peer());
        }

        progress(string.Create(CultureInfo.InvariantCulture, $"  {name}: {runs.Ours[^1].Seconds:0.00} s, pgBackRest {runs.Peer[^1].Seconds:0.00} s"));
    }
}
