using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Wal;

/// <summary>What the archiver shows of itself. Safe for several callers.</summary>
internal sealed class WalArchiveBoard(Func<ImmutableArray<WalTierStatus>> tiers)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WalArchiveStatus _status = new() { IsStreaming = false, Tiers = [], Gaps = [] };

    /// <summary>Now.</summary>
    public WalArchiveStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with { Tiers = tiers() };
            }
        }
    }

    /// <summary>Completes when the tiers' positions are known.</summary>
    public Task Changed => _begun.Task;

    public void Begun() => _begun.TrySetResult();

    public void Streaming(TimelineId timeline, Lsn from) => Set(status => status with { IsStreaming = true, Trouble = null, Timeline = timeline, Received = from });

    public void Received(Lsn position) => Set(status => status with { Received = position });

    public void Stopped(string reason) => Set(status => status with { IsStreaming = false, Trouble = reason });

    public void Forked(string reason) => Set(status => status with { Trouble = reason });

    public void Lost(WalGap gap) => Set(status => status with { Gaps = status.Gaps.Add(gap) });

    public void Open(IEnumerable<WalGap> gaps) => Set(status => status with { Gaps = [.. gaps] });

    public void Slot(string? slotStatus, long? safeBytes) => Set(status => status with { SlotStatus = slotStatus, SlotSafeBytes = safeBytes });

    private void Set(Func<WalArchiveStatus, WalArchiveStatus> change)
    {
        lock (_gate)
        {
            _status = change(_status);
        }
    }
}
