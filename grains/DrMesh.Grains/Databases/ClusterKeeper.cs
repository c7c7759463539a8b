using System.Collections.Immutable;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Recovery.Sites;
using DrMesh.Grains.Work;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Databases;

/// <summary>
/// What is done for a cluster between sessions: it is taken on, its acknowledging set follows the standbys that are there, and members that were left behind rejoin. Each change
/// wins in the control store first; while a session holds the cluster nothing is touched.
/// </summary>
internal sealed class ClusterKeeper(
    IClusterRecords records, MemberBoard board, MemberAgents agents, NodeWork work, IGrainFactory grains, TimeProvider time, ILogger<ClusterKeeper> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(10);

    /// <summary>Reads the record anew; takes the cluster on where there is none.</summary>
    public async Task<ClusterRecord?> ReadAsync(PostgreSqlCluster cluster, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(cluster.Name, cancellationToken);
        if (record is null)
        {
            var members = cluster.Members
                .Select(member => (member.Name, Status: FreshStatus(cluster.Name, member.Name)))
                .Where(entry => entry.Status is not null)
                .ToDictionary(entry => entry.Name, entry => entry.Status!, StringComparer.Ordinal);
            if (ClusterUpkeep.TakeOn(cluster, members) is { } found && await records.TryStoreAsync(found, cancellationToken))
            {
                logger.TakenOn(cluster.Name, found.Primary, found.OpenSets[0]);
                record = found;
            }
        }
        else if (record.Session is { } session && await HasEndedAsync(session, cancellationToken) && await StoreAsync(record.Release(), cancellationToken))
        {
            record = record.Release();
        }

        if (record is not null)
        {
            board.Note(record);
        }

        return record;
    }

    /// <summary>Whom the primary's commits should wait for instead; null: all is as it should be.</summary>
    public AcknowledgingSet? WantedSet(PostgreSqlCluster cluster, ClusterRecord record) =>
        FreshStatus(cluster.Name, record.Primary) is { } primary ? ClusterUpkeep.NextSet(cluster, record, primary) : null;

    /// <summary>Changes the set: the intent is stored, then the primary is told, then its confirmation is stored. Whoever fails between the two leaves both sets open, which is safe.</summary>
    public async Task ChangeSetAsync(PostgreSqlCluster cluster, ClusterRecord record, AcknowledgingSet wanted, CancellationToken cancellationToken)
    {
        var primary = cluster.Members.First(member => member.Name == record.Primary);
        var opened = record.Change(wanted);
        if (opened != record && !await StoreAsync(opened, cancellationToken))
        {
            return;
        }

        var order = new AcknowledgeBy { Command = AgentCommand.Of($"keep-{opened.Version}", opened.Epoch), Set = wanted };
        var answer = await agents.OrderAsync(cluster.Name, primary.Name, primary.Node, order, OrderLimit, cancellationToken);
        if (answer.Value is not { Obeyed: true })
        {
            logger.SetNotChanged(cluster.Name, answer.Value?.Reason ?? answer.Problem ?? "no answer");
            return;
        }

        if (!await HaveAllAsync(cluster, primary, wanted, cancellationToken))
        {
            logger.SetNotChanged(cluster.Name, $"too few of {wanted} have caught up with {primary.Name}");
            return;
        }

        if (await StoreAsync(opened.Close(record.Primary, wanted), cancellationToken))
        {
            logger.SetChanged(cluster.Name, wanted, opened.Epoch);
        }
    }

    /// <summary>Brings one member back to the primary.</summary>
    public async Task RejoinAsync(EstateDocument estate, PostgreSqlCluster cluster, ClusterRecord record, PostgreSqlMember member, string reason, CancellationToken cancellationToken)
    {
        var primary = cluster.Members.First(known => known.Name == record.Primary);
        if (board.Member(cluster.Name, member.Name)?.Status is { Role: MemberRole.Primary })
        {
            logger.FormerPrimaryFenced(cluster.Name, member.Name, record.Primary, record.Epoch);
        }

        var key = $"rejoin-{cluster.Name}-{member.Name}-{time.GetTimestamp()}";
        var order = new RejoinOrder
        {
            Key = key,
            Cluster = cluster.Name,
            Member = member.Name,
            Command = AgentCommand.Of(key, record.Epoch),
            Upstream = UpstreamServer.At(primary.Name, estate.Node(primary.Node).Address, primary.Port),
        };
        var result = await work.RunAsync(member.Node, order, _ => { }, cancellationToken);
        if (result.Outcome == StepOutcome.Done)
        {
            var detail = result.Evidence.GetValueOrDefault("detail");
            logger.Rejoined(cluster.Name, member.Name, record.Primary, reason, detail);
            if (record.Shown is { } shown && shown.OldPrimary == member.Name && result.Evidence.ContainsKey(LossAccount.Bytes))
            {
                TellLoss(cluster.Name, shown, LossAccount.Of(shown, result.Evidence));
            }
        }
        else
        {
            logger.NotRejoined(cluster.Name, member.Name, result.Reason ?? "it did not say why");
        }
    }

    private void TellLoss(ClusterId cluster, ShownLoss shown, ImmutableSortedDictionary<string, string> account)
    {
        logger.LossCounted(cluster, shown.OldPrimary, shown.Session, account["lossCounted"], account["lossShown"]);
        if (account.TryGetValue(LossAccount.Beyond, out var beyond))
        {
            logger.LostMoreThanShown(cluster, shown.OldPrimary, shown.Session, beyond);
        }
    }

    /// <summary>Brings a copy in another region up to what the archive has; the first time from a base backup.</summary>
    public async Task RefreshCopyAsync(PostgreSqlCluster cluster, ClusterRecord record, PostgreSqlMember member)
    {
        var key = $"copy-{cluster.Name}-{member.Name}-{time.GetTimestamp()}";
        var order = new SiteOrder { Key = key, Cluster = cluster.Name, Member = member.Name, Command = AgentCommand.Of(key, record.Epoch), MayRestore = true };
        var result = await work.RunAsync(member.Node, order, _ => { }, CancellationToken.None);
        if (result.Outcome == StepOutcome.Done)
        {
            var (lsn, method) = (result.Evidence.GetValueOrDefault("lsn"), result.Evidence.GetValueOrDefault("method"));
            logger.CopyRefreshed(cluster.Name, member.Name, lsn, method);
        }
        else
        {
            logger.CopyNotRefreshed(cluster.Name, member.Name, result.Reason ?? "it did not say why");
        }
    }

    /// <summary>What a member's agent said within the last seconds; null: nothing.</summary>
    public MemberStatus? FreshStatus(ClusterId cluster, string member) =>
        board.Member(cluster, member) is { Status: { } status, At: { } at, Problem: null } && time.GetElapsedTime(at) < Fresh ? status : null;

    // Those who acknowledge from now on must have what was acknowledged before.
    private async Task<bool> HaveAllAsync(PostgreSqlCluster cluster, PostgreSqlMember primary, AcknowledgingSet set, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        Lsn? upTo = null;
        while (time.GetElapsedTime(begun) < OrderLimit)
        {
            if ((await agents.StatusAsync(cluster.Name, primary.Name, primary.Node, Fresh, cancellationToken)).Value is { Role: MemberRole.Primary } status)
            {
                upTo ??= status.Lsn;
                if (SetConfirmation.HasAll(set, upTo.Value, status.Followers))
                {
                    return true;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return false;
    }

    private async Task<bool> StoreAsync(ClusterRecord record, CancellationToken cancellationToken)
    {
        if (!await records.TryStoreAsync(record, cancellationToken))
        {
            return false;
        }

        board.Note(record);
        return true;
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
