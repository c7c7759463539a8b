using DrMesh.Contracts.Estate;
using Microsoft.Extensions.Hosting;

namespace DrMesh.Grains.Estate;

/// <summary>
/// The applied estate as this silo last read it, at most a second old while the mesh answers. What watches over databases reads it here: it must go on when the silo that
/// holds the estate's grain has just died.
/// </summary>
internal sealed class EstateCache(AppliedEstates estates, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile EstateDocument? _known;

    /// <summary>What is known; null: nothing was read yet.</summary>
    public EstateDocument? Known => _known;

    /// <summary>What is known, read now if nothing is.</summary>
    public async Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => _known ??= await estates.CurrentAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _known = await estates.CurrentAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The last one counts until the mesh answers again; whoever applies an estate is told at once when that fails.
            }
        }
    }
}
