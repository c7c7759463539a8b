using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Restores;

/// <summary>Counts what a restore does; workers add at once.</summary>
internal sealed class RestoreTally(IProgress<RestoreProgress>? progress)
{
    private const long ReportEvery = 16 << 20;
    private long _done;
    private long _written;
    private long _read;
    private long _reported;

    public long Files { get; set; }

    public long TotalBytes { get; set; }

    public long RemovedPaths { get; set; }

    public RestoreReport Report => new()
    {
        Files = Files,
        TotalBytes = TotalBytes,
        WrittenBytes = Interlocked.Read(ref _written),
        ReadBytes = Interlocked.Read(ref _read),
        RemovedPaths = RemovedPaths,
    };

    public void AddRead(long bytes) => Interlocked.Add(ref _read, bytes);

    public void AddWritten(long bytes) => Interlocked.Add(ref _written, bytes);

    public void AddDone(long bytes)
    {
        var done = Interlocked.Add(ref _done, bytes);
        var reported = Interlocked.Read(ref _reported);
        if (progress is not null && (done - reported >= ReportEvery || done == TotalBytes)
            && Interlocked.CompareExchange(ref _reported, done, reported) == reported)
        {
            progress.Report(new RestoreProgress(done, TotalBytes));
        }
    }
}
