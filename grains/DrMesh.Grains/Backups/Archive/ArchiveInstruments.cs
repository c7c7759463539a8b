using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>What whoever is on call is woken by: gauges of this silo's archives, labelled by cluster, and an error in the log when one comes into trouble that loses WAL.</summary>
internal sealed class ArchiveInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "DrMesh.Archive";

    private readonly ConcurrentDictionary<ClusterId, ArchiveStatus> _statuses = new();
    private readonly ILogger<ArchiveInstruments> _logger;

    public ArchiveInstruments(IMeterFactory meters, ILogger<ArchiveInstruments> logger)
    {
        _logger = logger;
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("drmesh_archive_streaming", () => Read(status => status.IsStreaming ? 1 : 0), description: "1 while the log of a cluster is received");
        meter.CreateObservableGauge(
            "drmesh_archive_slot_limit_breached", () => Read(status => status.IsSlotLimitBreached ? 1 : 0), description: "1 once the server keeps no more WAL for the archive: a gap follows");
        meter.CreateObservableGauge("drmesh_archive_gaps", () => Read(status => status.Gaps.Length), description: "Gaps in the archive that no base backup has healed yet");
    }

    /// <summary>Notes where an archive stands.</summary>
    public void Note(ArchiveStatus status)
    {
        var before = _statuses.GetValueOrDefault(status.Cluster);
        _statuses[status.Cluster] = status;
        if (status.IsSlotLimitBreached && before is not { IsSlotLimitBreached: true })
        {
            _logger.SlotLimitBreached(status.Cluster);
        }

        if (status.Gaps.Length > (before?.Gaps.Length ?? 0))
        {
            _logger.ArchiveHasGap(status.Cluster, status.Gaps[^1]);
        }
    }

    /// <summary>This silo no longer runs the archive.</summary>
    public void Forget(ClusterId cluster) => _statuses.TryRemove(cluster, out _);

    private IEnumerable<Measurement<int>> Read(Func<ArchiveStatus, int> value) =>
        _statuses.Values.Select(status => new Measurement<int>(value(status), new KeyValuePair<string, object?>("cluster", status.Cluster.Value)));
}
