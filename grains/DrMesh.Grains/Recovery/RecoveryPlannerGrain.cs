using System.Collections.Immutable;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using Orleans.Concurrency;

namespace DrMesh.Grains.Recovery;

/// <summary>Previews; holds nothing.</summary>
[StatelessWorker, Reentrant]
internal sealed class RecoveryPlannerGrain(RecoveryFactsReader reader, EstateCache estates, MemberBoard board) : Grain, IRecoveryPlannerGrain
{
    public async Task<RecoveryPreview> Preview(StartRecovery request, CancellationToken cancellationToken) =>
        RecoveryPreviews.Of(await reader.ReadAsync(request, cancellationToken));

    public async Task<ImmutableArray<string>> ApplicationsIn(RegionId region, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        _ = estate.Region(region);
        return
        [
            .. ApplicationScope.All(estate)
                .Where(scope => scope.Clusters.Any(cluster =>
                    board.Record(cluster.Name) is { } record && cluster.Members.Any(member => member.Name == record.Primary && member.Node.Region == region))
                    || scope.Sets.Any(set => (set.Members.FirstOrDefault(member => member.Name == board.Record(set.Name)?.Primary)?.Node.Region ?? set.PrimaryRegion) == region))
                .Select(scope => scope.Name),
        ];
    }
}
