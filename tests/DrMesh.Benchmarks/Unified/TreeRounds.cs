using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Benchmarks.Postgres;
using DrMesh.TestKit;

namespace DrMesh.Benchmarks.Unified;

/// <summary>A file tree backed up, backed up again unchanged and changed, and restored: ours, restic's and tar's turns on one tree, each first in one round.</summary>
internal sealed class TreeRounds
{
    private const string ToArchive = "set -o pipefail; tar -C \"$1\" -cf - . | zstd -3 -T0 -q -f -o \"$2\"";
    private const string FromArchive = "set -o pipefail; zstd -q -dc \"$2\" | tar -C \"$1\" -xf -";
    private readonly Dictionary<string, Turns> _turns = [];
    private readonly Dictionary<string, (List<double> Ours, List<double> Restic, List<double> Tar)> _stored = [];

    public static async Task<IReadOnlyList<Measurement>> MeasureAsync(long bytes, int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        using var place = await TestDirectory.CreateAsync();
        var directory = Path.Combine(place.Path, "tree");
        var tree = SampleTree.Create(directory, bytes);
        progress(string.Create(CultureInfo.InvariantCulture, $"a tree of {tree.Files.Count} files, {tree.Bytes / 1e6:0} MB"));
        var rounds = new TreeRounds();
        for (var run = 1; run <= runs; run++)
        {
            progress($"file tree, run {run} of {runs}");
            await rounds.RoundAsync(tree, directory, run, progress, cancellationToken);
        }

        return rounds.Figures(tree);
    }

    private async Task RoundAsync(SampleTree tree, string directory, int run, Action<string> progress, CancellationToken cancellationToken)
    {
        var (store, opened) = await Bench.CreateRepositoryAsync();
        using var ours = store;
        using var restic = await Restic.CreateAsync(cancellationToken);
        using var place = await TestDirectory.CreateAsync();
        var archive = Path.Combine(place.Path, "archive");
        var step = new UnifiedStep { Verb = "tree-backup", Url = opened.Url, Key = opened.Key, Place = directory, Backup = "full" };
        // A change time younger than the file system's tick is not trusted by the next backup; nobody measures that here.
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
        await TurnAsync("backup", run, step.MeasureAsync, token => restic.BackUpAsync(directory, token), token => ShellAsync(ToArchive, directory, archive, token), progress, cancellationToken);
        Stored("backup", ours.Path, restic.Repository, archive);
        await TurnAsync(
            "backup again, nothing changed", run, (step with { Backup = "same", Parent = "full" }).MeasureAsync, token => restic.BackUpAsync(directory, token), null, progress, cancellationToken);
        tree.Change(20);
        await TurnAsync(
            "backup again, 5 % of files changed", run, (step with { Backup = "changed", Parent = "same" }).MeasureAsync, token => restic.BackUpAsync(directory, token), null, progress, cancellationToken);

        var targets = new[] { "ours", "restic", "tar" }.Select(name => Directory.CreateDirectory(Path.Combine(place.Path, name)).FullName).ToArray();
        await TurnAsync(
            "restore", run, (step with { Verb = "tree-restore", Backup = "changed", Place = targets[0] }).MeasureAsync, token => restic.RestoreAsync(targets[1], token),
            token => ShellAsync(FromArchive, targets[2], archive, token), progress, cancellationToken);
    }

    private async Task TurnAsync(
        string name, int run, Func<CancellationToken, Task<MeasuredRun>> ours, Func<CancellationToken, Task<MeasuredRun>> restic, Func<CancellationToken, Task<MeasuredRun>>? tar,
        Action<string> progress, CancellationToken cancellationToken)
    {
        var turns = _turns.TryGetValue(name, out var known) ? known : _turns[name] = new Turns();
        var all = new List<(List<MeasuredRun> To, Func<CancellationToken, Task<MeasuredRun>> Measure)> { (turns.Ours, ours), (turns.Restic, restic) };
        if (tar is not null)
        {
            all.Add((turns.Tar, tar));
        }

        for (var turn = 0; turn < all.Count; turn++)
        {
            var (to, measure) = all[(turn + run) % all.Count];
            to.Add(await measure(cancellationToken));
        }

        progress(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name}: {turns.Ours[^1].Seconds:0.00} s, restic {turns.Restic[^1].Seconds:0.00} s{(tar is null ? "" : string.Create(CultureInfo.InvariantCulture, $", tar {turns.Tar[^1].Seconds:0.00} s"))}"));
    }

    private void Stored(string name, string ours, string restic, string tar)
    {
        var stored = _stored.TryGetValue(name, out var known) ? known : _stored[name] = ([], [], []);
        stored.Ours.Add(Bench.BytesOf(ours) / 1e6);
        stored.Restic.Add(Bench.BytesOf(restic) / 1e6);
        stored.Tar.Add(new FileInfo(tar).Length / 1e6);
    }

    private List<Measurement> Figures(SampleTree tree)
    {
        var megabytes = tree.Bytes / 1e6;
        var figures = new List<Measurement>();
        foreach (var (name, turns) in _turns)
        {
            Add(figures, $"file tree, {name} (peer: restic)", turns.Ours, turns.Restic, megabytes);
            if (turns.Tar.Count > 0)
            {
                Add(figures, $"file tree, {name} (peer: tar | zstd -3, neither encrypting nor syncing)", turns.Ours, turns.Tar, megabytes);
            }
        }

        foreach (var (name, stored) in _stored)
        {
            figures.Add(Measurement.Median($"file tree, {name}, stored (peer: restic)", "MB", stored.Ours, stored.Restic));
            figures.Add(Measurement.Median($"file tree, {name}, stored (peer: tar | zstd -3)", "MB", stored.Ours, stored.Tar));
        }

        return figures;
    }

    private static void Add(List<Measurement> figures, string name, List<MeasuredRun> ours, List<MeasuredRun> peer, double megabytes)
    {
        figures.Add(Measurement.Median($"{name}, throughput", "MB/s", [.. ours.Select(run => megabytes / run.Seconds)], [.. peer.Select(run => megabytes / run.Seconds)]));
        figures.Add(Measurement.Median($"{name}, processor", "s", [.. ours.Select(run => run.CpuSeconds)], [.. peer.Select(run => run.CpuSeconds)]));
        figures.Add(Measurement.Median($"{name}, peak memory", "MB", [.. ours.Select(run => run.PeakMegabytes)], [.. peer.Select(run => run.PeakMegabytes)]));
    }

    private static Task<MeasuredRun> ShellAsync(string script, string directory, string archive, CancellationToken cancellationToken) =>
        MeasuredRun.OfAsync("bash", ["-c", script, "bash", directory, archive], null, cancellationToken);

    private sealed class Turns
    {
        public List<MeasuredRun> Ours { get; } = [];

        public List<MeasuredRun> Restic { get; } = [];

        public List<MeasuredRun> Tar { get; } = [];
    }
}
