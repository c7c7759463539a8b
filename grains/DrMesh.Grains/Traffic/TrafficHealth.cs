using System.Collections.Concurrent;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Grains.Traffic;

/// <summary>
/// What this silo answers to a provider's health check. What it last read is kept, so that it goes on answering while the mesh or the
/// control store is away; reading again costs a check at most <see cref="ReadLimit"/>.
/// </summary>
internal sealed class TrafficHealth(IGrainFactory grains, TimeProvider time, IEnumerable<ILocalWriteProbe> probes)
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ServiceId, Known> _known = new();

    /// <summary>The answer for a service; null: the estate has no such service.</summary>
    public async Task<HealthAnswer?> AskAsync(ServiceId service, RegionId here, CancellationToken cancellationToken)
    {
        if (!await RefreshAsync(service, cancellationToken))
        {
            return null;
        }

        var isKnown = _known.TryGetValue(service, out var known);
        return HealthAnswer.Decide(new HealthQuestion
        {
            Here = here,
            IsKnown = isKnown,
            Active = known?.Active,
            Age = known is null ? TimeSpan.Zero : time.GetElapsedTime(known.ReadAt),
            AcceptsWrites = await AskProbesAsync(service, cancellationToken),
        });
    }

    private async Task<bool> RefreshAsync(ServiceId service, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(service, out var known) && time.GetElapsedTime(known.ReadAt) < ReadEvery)
        {
            return true;
        }

        try
        {
            var status = await grains.GetGrain<ITrafficGrain>(service.Value).GetStatus(cancellationToken).WaitAsync(ReadLimit, time, cancellationToken);
            _known[service] = new Known(status.Active, time.GetTimestamp());
            return true;
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.TrafficServiceUnknown)
        {
            _known.TryRemove(service, out _);
            return false;
        }
        catch (Exception away) when (away is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The answer says how old what it knows is.
            return true;
        }
    }

    private async Task<bool?> AskProbesAsync(ServiceId service, CancellationToken cancellationToken)
    {
        foreach (var probe in probes)
        {
            if (await probe.AcceptsWritesAsync(service, cancellationToken) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    private sealed record Known(RegionId? Active, long ReadAt);
}
