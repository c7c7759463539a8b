using DrMesh.Core.Backups;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Turns an engine's counters into the line a person watches.</summary>
internal sealed class StatisticsText(Action<string> report) : IProgress<BackupStatistics>, IProgress<RestoreProgress>
{
    private const double Mebi = 1 << 20;

    public void Report(BackupStatistics value) => report($"{value.Files} files, {value.PlainBytes / Mebi:0.0} MiB read, {value.StoredBytes / Mebi:0.0} MiB stored");

    public void Report(RestoreProgress value) => report($"{value.DoneBytes / Mebi:0.0} of {value.TotalBytes / Mebi:0.0} MiB");
}
