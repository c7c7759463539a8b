using DrMesh.Contracts.Estate;

namespace DrMesh.Grains.Estate;

/// <summary>Asks for the estate as it is applied now.</summary>
internal class AppliedEstates(IGrainFactory grains)
{
    /// <summary>The estate.</summary>
    public virtual async Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) =>
        (await grains.GetGrain<IEstateGrain>(IEstateGrain.Key).Current(cancellationToken)).Estate;
}
