using DrMesh.Benchmarks.Frame;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>
/// Backup, restore, WAL archive and point-in-time recovery, in turns with pgBackRest (pg_receivewal for WAL): one run, the same data, zstd 3, AES-256, two processes each.
/// </summary>
internal sealed class PostgresBenchmark : IBenchmark
{
    private const int Runs = 3;

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
        return figures;
    }
}
