using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Schedules;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;

namespace DrMesh.Grains.Recovery;

/// <summary>Gathers what a plan is made from. Records come from the control store, the rest from what this silo last saw: a plan must not wait for a region that is gone.</summary>
internal sealed class RecoveryFactsReader(EstateCache estates, IClusterRecords records, MemberBoard board, ClusterKeeper keeper, SiloNodes silos, TimeProvider time)
{
    /// <summary>The facts.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The estate has no such application or region.</exception>
    public async Task<RecoveryFacts> ReadAsync(StartRecovery request, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var application = ApplicationScope.Find(estate, request.Application);
        if (request.To is { } to)
        {
            _ = estate.Region(to);
        }

        var found = await Task.WhenAll(application.Clusters.Select(cluster => records.FindAsync(cluster.Name, cancellationToken)));
        var known = found.OfType<ClusterRecord>().ToImmutableDictionary(record => record.Cluster);
        var members = ImmutableDictionary.CreateBuilder<(ClusterId, string), MemberStatus>();
        var seen = ImmutableDictionary.CreateBuilder<ClusterId, Lsn>();
        foreach (var cluster in application.Clusters)
        {
            foreach (var member in cluster.Members)
            {
                if (keeper.FreshStatus(cluster.Name, member.Name) is { } status)
                {
                    members[(cluster.Name, member.Name)] = status;
                }
            }

            if (known.TryGetValue(cluster.Name, out var record) && board.Member(cluster.Name, record.Primary)?.Status is { Role: MemberRole.Primary } primary)
            {
                seen[cluster.Name] = primary.Lsn;
            }
        }

        var now = time.GetUtcNow();
        return new RecoveryFacts
        {
            Request = request,
            Application = application,
            Records = known,
            Members = members.ToImmutable(),
            LastSeen = seen.ToImmutable(),
            OpenRegions = [.. silos.ActiveRegions()],
            Blackout = application.Policy.Failover.Blackouts.FirstOrDefault(blackout => CronWindow.Holds(blackout.Cron, blackout.TimeZone, blackout.Duration, now)),
            Now = now,
        };
    }
}
