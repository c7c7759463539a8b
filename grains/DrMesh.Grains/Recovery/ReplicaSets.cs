using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Recovery;

/// <summary>Replica sets as recovery works with them: where they are, what the control store records of them, how they answer.</summary>
internal sealed class ReplicaSets(EstateCache estates, IClusterRecords records, IReplicaSetControl control, IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Orders to a set.</summary>
    public IReplicaSetControl Control => control;

    /// <summary>The control store's records.</summary>
    public IClusterRecords Records => records;

    /// <summary>A set's address.</summary>
    public async Task<MongoAddress> AddressAsync(ClusterId set, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return await estate.MongoAsync(estate.MongoDb(set), cancellationToken);
    }

    /// <summary>The record, with the session that holds it only as long as that runs; null: there is none.</summary>
    public async Task<ClusterRecord?> FindAsync(ClusterId set, CancellationToken cancellationToken) =>
        await records.FindAsync(set, cancellationToken) is not { } record ? null
        : record.Session is { } session && await HasEndedAsync(session, cancellationToken) ? record with { Session = null } : record;

    /// <summary>The newest operation known of a set, also from its archive: what survivors lack of it is lost; null: none.</summary>
    public async Task<OpTime?> LastSeenAsync(ClusterId set, MongoSet seen, CancellationToken cancellationToken)
    {
        try
        {
            return SetLoss.Newest(seen.Committed, await grains.GetGrain<IArchiveGrain>(set.Value).Status(cancellationToken).WaitAsync(Patience, time, cancellationToken));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The archive may be lost with its region; the question is asked without what it would tell.
            return seen.Committed;
        }
    }

    /// <summary>What plans are made from.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="look">Whether they are asked; what is in a hurry waits for no member.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async Task<ImmutableDictionary<ClusterId, ReplicaSetFacts>> ReadAsync(IEnumerable<MongoDbCluster> sets, bool look, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var read = await Task.WhenAll(sets.Select(async set =>
        {
            ImmutableArray<SetMemberPlace> places = [.. set.Members.Select(member => new SetMemberPlace
            {
                Name = member.Name, Host = estate.HostAndPort(member.Node, member.Port), Node = member.Node, Priority = member.Priority, Votes = member.Votes,
            })];
            if (!look)
            {
                // Whether a session holds it is seen when its turn comes.
                return (set.Name, Facts: new ReplicaSetFacts(places, null, await records.FindAsync(set.Name, cancellationToken) is { } known ? known with { Session = null } : null, null));
            }

            var seen = await TryObserveAsync(set.Name, cancellationToken);
            return (set.Name, Facts: new ReplicaSetFacts(places, seen, await FindAsync(set.Name, cancellationToken), seen is { Primary: null } ? await LastSeenAsync(set.Name, seen, cancellationToken) : seen?.Committed));
        }));
        return read.ToImmutableDictionary(entry => entry.Name, entry => entry.Facts);
    }

    private async Task<MongoSet?> TryObserveAsync(ClusterId set, CancellationToken cancellationToken)
    {
        try
        {
            var address = await AddressAsync(set, cancellationToken);
            return await Task.Run(() => control.ObserveAsync(address, cancellationToken), cancellationToken);
        }
        catch (DrMeshException away) when (away.Code is DrMeshError.MongoUnreachable)
        {
            return null;
        }
    }

    private async Task<bool> HasEndedAsync(SessionId session, CancellationToken cancellationToken)
    {
        try
        {
            return (await grains.GetSession(session).Get(cancellationToken)).EndedAt is not null;
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.SessionUnknown)
        {
            return true;
        }
    }
}
