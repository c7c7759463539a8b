using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>Whether a service's database in this silo's own region accepts writes: asked of what stands beside the silo, never of another region.</summary>
public interface ILocalWriteProbe
{
    /// <summary>True or false when it is known; null: the service has no database here, or nobody beside this silo knows.</summary>
    ValueTask<bool?> AcceptsWritesAsync(ServiceId service, CancellationToken cancellationToken);
}
