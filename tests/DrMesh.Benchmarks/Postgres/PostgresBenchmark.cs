using DrMesh.Benchmarks.Frame;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>
/// Backup, restore, WAL archive and point-in-time recovery, in turns with pgBackRest (pg_receivewal for WAL): one run, the same data, zstd 3, AES-256, two processes each.
/// </summary>
internal sealed class PostgresBenchmark : IBenchmark
{
    private const int Runs = 3;

    private static readonly Dictionary<string, Aim> Aims = new()
    {
        ["full backup, time"] = Aim.RatioAtMost(0.8),
        ["full backup, stored"] = Aim.RatioAtMost(1),
        ["full backup, peak memory"] = Aim.AtMost(300),
        ["nothing changed, time"] = Aim.RatioAtMost(0.7),
        ["nothing changed, peak memory"] = Aim.AtMost(300),
        ["5 % of pages changed, time"] = Aim.RatioAtMost(0.4),
        ["5 % of pages changed, stored"] = Aim.RatioAtMost(0.4),
        ["5 % of pages changed, peak memory"] = Aim.AtMost(300),
        ["restore, time"] = Aim.RatioAtMost(0.8),
        ["restore, peak memory"] = Aim.AtMost(300),
        ["delta restore, same, time"] = Aim.RatioAtMost(0.6),
        ["delta restore, 5 % of pages differ, time"] = Aim.RatioAtMost(0.6),
        ["verify, stored checksums, time"] = Aim.RatioAtMost(0.6),
        ["verify, all content decoded, time"] = Aim.RatioAtMost(0.6),
        ["WAL archive, throughput"] = Aim.RatioAtLeast(1),
        ["WAL archive under 20 MB/s, lag p99"] = Aim.AtMost(1),
        ["point-in-time recovery"] = Aim.RatioAtMost(0.7),
    };

    public string Name => "postgres";

    public string Description => "PostgreSQL backup and restore beside pgBackRest; DRMESH_BENCH_SCALE sets pgbench's scale (60: 1 GB and about ten minutes, the default; 150: 2.5 GB)";

    public async Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var scale = int.TryParse(Environment.GetEnvironmentVariable("DRMESH_BENCH_SCALE"), out var given) && given > 0 ? given : 60;
        List<Measurement> figures = [];
        await using (var backups = await BackupRounds.PrepareAsync(scale, progress, cancellationToken))
        {
            figures.AddRange(await backups.MeasureAsync(Runs, progress, cancellationToken));
        }

        figures.AddRange(await WalRounds.MeasureAsync(scale, progress, cancellationToken));
        figures.AddRange(await PitrRounds.MeasureAsync(scale, progress, cancellationToken));
        return Measurement.WithAims(figures, Aims);
    }
}
