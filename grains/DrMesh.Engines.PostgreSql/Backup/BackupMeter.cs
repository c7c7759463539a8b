using DrMesh.Core.Backups;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Counts what the workers did and reports it a few times a second. Safe for several callers.</summary>
internal sealed class BackupMeter(IBackupWriter writer, IProgress<BackupProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private long _total;
    private long _done;
    private long _read;
    private long _reported = time.GetTimestamp();

    /// <summary>Adds to what is to be done.</summary>
    public void Expect(long bytes) => Interlocked.Add(ref _total, bytes);

    /// <summary>Counts bytes that were read.</summary>
    public void Read(long bytes)
    {
        Interlocked.Add(ref _read, bytes);
        Done(bytes);
    }

    /// <summary>Counts bytes that needed no reading.</summary>
    public void Done(long bytes)
    {
        Interlocked.Add(ref _done, bytes);
        var last = Interlocked.Read(ref _reported);
        if (progress is not null && time.GetElapsedTime(last) >= Interval && Interlocked.CompareExchange(ref _reported, time.GetTimestamp(), last) == last)
        {
            Report();
        }
    }

    /// <summary>Reports now.</summary>
    public void Report() => progress?.Report(
        new BackupProgress(Interlocked.Read(ref _done), Interlocked.Read(ref _total), Interlocked.Read(ref _read), writer.Statistics.StoredBytes));
}
