using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>One tier a backup is written to. Its first failure loses it for this backup.</summary>
internal sealed class TargetTier(Tier tier)
{
    private DrMeshException? _failure;

    public Tier Tier { get; } = tier;

    public PackPump? Pump { get; private set; }

    public DrMeshException? Failure => _failure ?? Pump?.Failure;

    /// <summary>Whether the parent was there when the writer's marker already stood: then nothing it refers to goes before the marker does.</summary>
    public bool HasParent { get; set; } = true;

    public bool IsLive => Failure is null;

    public TierOutcome Outcome => new() { Tier = Tier.Name, StoredBytes = Pump?.StoredBytes ?? 0, Failure = Failure };

    public void StartPump() => Pump = new PackPump(Tier.Store);

    /// <summary>Runs an action on the tier unless it is lost; a store's failure loses it.</summary>
    public async Task TryAsync(Func<Tier, Task> action)
    {
        if (!IsLive)
        {
            return;
        }

        try
        {
            await action(Tier);
        }
        catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
        {
            _failure = failure;
        }
    }
}
