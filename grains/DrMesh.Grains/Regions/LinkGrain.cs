using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Regions;
using DrMesh.Grains.Placement;
using Orleans.Concurrency;

namespace DrMesh.Grains.Regions;

/// <summary>Measures the way from its silo to another.</summary>
[PlacedOnNode, Reentrant]
internal sealed class LinkGrain(IGrainFactory grains, TimeProvider time) : Grain, ILinkGrain
{
    private const int MostCallers = 256;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public Task Answer() => Task.CompletedTask;

    public async Task<LinkMeasurement> Measure(NodeId other, int callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (callers is < 1 or > MostCallers || duration <= TimeSpan.Zero || duration > Longest)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"a link is measured with 1 to {MostCallers} callers for up to {Longest.TotalSeconds} s, not with {callers} for {duration.TotalSeconds} s",
                "ask within these limits");
        }

        var link = grains.GetGrain<ILinkGrain>(other.ToString());
        await link.Answer();
        var started = time.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync(link, started, duration, cancellationToken)));
        return CallTimes.Of([.. times.SelectMany(caller => caller)], time.GetElapsedTime(started));
    }

    private async Task<List<long>> CallAsync(ILinkGrain link, long started, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<long>();
        while (time.GetElapsedTime(started) < duration && !cancellationToken.IsCancellationRequested)
        {
            var asked = time.GetTimestamp();
            await link.Answer();
            times.Add(time.GetElapsedTime(asked).Ticks);
        }

        return times;
    }
}
