using System.Globalization;
using DrMesh.Benchmarks.Frame;

namespace DrMesh.Benchmarks.Unified;

/// <summary>
/// Backup and restore of file trees in turns with restic and with tar and zstd, of MongoDB against the fake server, the oplog archive's lag, and what a consistency point costs the application:
/// how long writes are held, how far the markers are apart, the writer's throughput while a backup runs.
/// </summary>
internal sealed class UnifiedBenchmark : IBenchmark
{
    public string Name => "unified";

    public string Description =>
        "File trees beside restic and tar | zstd, MongoDB (fake server), consistency points; DRMESH_BENCH_TREE_MB sets the tree's size (512), DRMESH_BENCH_RUNS the runs (3)";

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var bytes = Number("DRMESH_BENCH_TREE_MB", 512) * 1_000_000L;
        var runs = Number("DRMESH_BENCH_RUNS", 3);
        return
        [
            .. await TreeRounds.MeasureAsync(bytes, runs, progress, cancellationToken),
            .. await MongoRounds.MeasureAsync(bytes / 4, runs, progress, cancellationToken),
            .. await OplogRounds.MeasureAsync(progress, cancellationToken),
            .. await PointRounds.MeasureAsync(runs, progress, cancellationToken),
        ];
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) && given > 0 ? given : otherwise;
}
