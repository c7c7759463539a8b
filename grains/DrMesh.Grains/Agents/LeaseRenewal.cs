using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Agents;

/// <summary>Renews a member's lease: in the control store, or by the agents of the other regions while the store is out of reach.</summary>
internal sealed class LeaseRenewal(EstateCache estates, IClusterRecords records, ILeaseRecords leases, MemberBoard board, MemberAgents agents, TimeProvider time)
{
    // A record that changes is read again; whoever changes it that often will be done soon.
    private const int Tries = 4;
    private readonly long _begun = time.GetTimestamp();

    /// <summary>The clock that leases are counted on.</summary>
    public TimeSpan Now => time.GetElapsedTime(_begun);

    /// <summary>A moment of that clock as a timestamp.</summary>
    public long ToTimestamp(TimeSpan moment) => _begun + (long)(moment.TotalSeconds * time.TimestampFrequency);

    /// <summary>Renews it once.</summary>
    /// <param name="cell">What is known of the lease.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="member">The member.</param>
    /// <param name="writes">Whether its server may be writing. Of one that does not no agent is asked for anything: its grant would only hold a failover up.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LeaseOutcome> RenewAsync(LeaseCell cell, ClusterId cluster, string member, bool writes, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var declared = estate.PostgreSql(cluster);
        var length = LeaseRule.LengthOf(estate, declared);
        var limit = new LeaseTerm(length).RenewalPeriod;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        try
        {
            return await StoreAsync(cell, declared, member, length, late.Token).WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (writes)
            {
                await AskAgentsAsync(cell, declared, limit, cancellationToken);
            }

            return LeaseOutcome.Asked;
        }
    }

    /// <summary>The epoch under which a member leads while no session holds the cluster; null: it does not, or one does.</summary>
    public async Task<long?> SettledEpochAsync(ClusterId cluster, string member, CancellationToken cancellationToken) =>
        await records.FindAsync(cluster, cancellationToken) is { Session: null } record && record.MayLead == member ? record.Epoch : null;

    private async Task<LeaseOutcome> StoreAsync(LeaseCell cell, PostgreSqlCluster cluster, string member, TimeSpan length, CancellationToken cancellationToken)
    {
        var record = board.Record(cluster.Name);
        for (var tries = 0; tries < Tries; tries++)
        {
            // What this silo read a moment ago may renew; only what the store says now may end a lease.
            if (record is null || tries > 0 || record.MayLead != member || !LeaseRule.IsNeeded(cluster, record, member))
            {
                record = await records.FindAsync(cluster.Name, cancellationToken) ?? throw new InvalidOperationException($"the control store has no record of {cluster.Name}");
                board.Note(record);
            }

            if (record.MayLead != member)
            {
                cell.Change(holder => record.MayLead is null ? holder.Refused() : holder.Lost());
                return record.MayLead is null ? LeaseOutcome.Refused : LeaseOutcome.Lost;
            }

            if (!LeaseRule.IsNeeded(cluster, record, member))
            {
                return LeaseOutcome.NotNeeded;
            }

            var lease = LeaseRule.LeaseOf(cluster, record, member, length);
            var sent = Now;
            cell.Change(holder => holder.Sending(lease, sent));
            if (await leases.TryRenewAsync(lease, record.Version, cancellationToken))
            {
                cell.Change(holder => holder.Confirmed(lease, sent, isSettled: record.Session is null));
                return LeaseOutcome.Held;
            }
        }

        throw new TimeoutException($"the record of {cluster.Name} does not come to rest");
    }

    private async Task AskAgentsAsync(LeaseCell cell, PostgreSqlCluster cluster, TimeSpan limit, CancellationToken cancellationToken)
    {
        var holder = cell.Holder;
        if (!holder.MayAskAgents)
        {
            return;
        }

        var confirmed = holder.Possible[0];
        var order = new GrantLease
        {
            Command = AgentCommand.Of($"lease-{cluster.Name}-{confirmed.Holder}", confirmed.Epoch), Holder = confirmed.Holder, Length = holder.Possible.Max(lease => lease.Length),
        };
        var voters = holder.Possible.SelectMany(lease => lease.Voters).ToHashSet(StringComparer.Ordinal);
        var granted = new HashSet<string>(StringComparer.Ordinal);
        var sent = Now;
        await Task.WhenAll(cluster.Members.Where(member => voters.Contains(member.Name)).Select(async voter =>
        {
            if ((await agents.OrderAsync(cluster.Name, voter.Name, voter.Node, order, limit, cancellationToken)).Value is { Obeyed: true })
            {
                cell.Change(now =>
                {
                    granted.Add(voter.Name);
                    return now.Granted(granted, sent);
                });
            }
        }));
    }
}
