using System.Globalization;
using DrMesh.Core.Backups;

namespace DrMesh.Grains.Work;

/// <summary>Turns byte counts into the line a person watches: done, total, rate, time left.</summary>
internal sealed class ProgressText(TimeProvider time, Action<string> report) : IProgress<BackupProgress>, IProgress<RestoreProgress>, IProgress<VerifyProgress>
{
    private const double Mebi = 1 << 20;
    private readonly long _started = time.GetTimestamp();

    public void Report(BackupProgress value) =>
        report($"{Line(value.DoneBytes, value.TotalBytes)}, {value.StoredBytes / Mebi:0.0} MiB stored");

    public void Report(RestoreProgress value) => report(Line(value.DoneBytes, value.TotalBytes));

    public void Report(VerifyProgress value) => report(Line(value.DoneBytes, value.TotalBytes));

    private string Line(long done, long total)
    {
        var seconds = time.GetElapsedTime(_started).TotalSeconds;
        var rate = seconds > 0 ? done / seconds : 0;
        var left = rate > 0 && total > done ? string.Create(CultureInfo.InvariantCulture, $", {(total - done) / rate:0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{done / Mebi:0.0} of {total / Mebi:0.0} MiB, {rate / Mebi:0.0} MiB/s{left}");
    }
}
