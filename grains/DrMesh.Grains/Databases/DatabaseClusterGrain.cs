using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery;
using DrMesh.Grains.Estate;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace DrMesh.Grains.Databases;

/// <summary>
/// A cluster between sessions: looks every second, keeps it as the estate wants it, and tells how it stands. What it knows is the control store's and the agents'; a second
/// activation, or none, endangers nothing.
/// </summary>
[Reentrant]
internal sealed class DatabaseClusterGrain(
    EstateCache estates, MemberBoard board, ClusterKeeper keeper, NameKeeper names, IClusterRecords records, TimeProvider time, ILogger<DatabaseClusterGrain> logger)
    : Grain, IDatabaseClusterGrain
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A standby that reconnects must not make the set flap; one that is gone for good must not hold writes, nor a failover, for long.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);
    private readonly Dictionary<string, Task> _rejoining = [];
    private readonly Dictionary<string, long> _copiedAt = [];
    private AcknowledgingSet? _wanted;
    private long _wantedSince;
    private bool _looking;

    private ClusterId Cluster => new(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Period) { Interleave = true });
        return Task.CompletedTask;
    }

    public async Task<ClusterStatus> GetStatus(CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        return ClusterView.Of(estate, estate.PostgreSql(Cluster), board, time);
    }

    public async Task<ClusterStatus> SetDurability(SetDurability request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var estate = await estates.CurrentAsync(cancellationToken);
        var cluster = estate.PostgreSql(Cluster);
        var record = await keeper.ReadAsync(cluster, cancellationToken) ?? throw new DrMeshException(
            DrMeshError.ClusterUnfit, $"the mesh has not taken {Cluster} on yet", $"drmesh cluster show {Cluster} says what is missing");
        if (record.Session is { } session)
        {
            throw new DrMeshException(DrMeshError.ClusterBusy, $"session {session} moves {Cluster}", $"wait for it: drmesh sessions watch {session}");
        }

        var next = (request.Durability == record.Durability ? record : record with { Version = record.Version + 1, Durability = request.Durability });
        Refuse(estate, cluster, next);
        if (next != record && !await records.TryStoreAsync(next, cancellationToken))
        {
            throw new DrMeshException(DrMeshError.ClusterBusy, $"the record of {Cluster} changed meanwhile", "look at it and repeat");
        }

        board.Note(next);
        if (keeper.WantedSet(cluster, next) is { } wanted)
        {
            await keeper.ChangeSetAsync(cluster, next, wanted, cancellationToken);
        }

        return ClusterView.Of(estate, cluster, board, time);
    }

    private void Refuse(EstateDocument estate, PostgreSqlCluster cluster, ClusterRecord record)
    {
        var durability = record.Durability ?? cluster.Durability;
        if (UnguardedDurability.Refusal(estate, cluster, durability) is { } unguarded)
        {
            throw new DrMeshException(DrMeshError.ClusterUnfit, unguarded, "keep quorum with --when-quorum-lost wait, set guard: bound on those nodes, or give the policy another strategy");
        }

        var primary = cluster.Members.First(member => member.Name == record.Primary);
        var elsewhere = cluster.Members.Count(member => member.Node.Region != primary.Node.Region);
        if (durability.Mode == DurabilityMode.Quorum && elsewhere < durability.Acknowledgements)
        {
            throw new DrMeshException(
                DrMeshError.ClusterUnfit,
                $"{Cluster} has {elsewhere} members outside {primary.Node.Region}, and {durability.Acknowledgements} acknowledgements were asked for",
                "ask for fewer, or add standbys in other regions");
        }

        var streaming = keeper.FreshStatus(Cluster, record.Primary)?.Followers.Length ?? 0;
        if (durability.Mode == DurabilityMode.Quorum && streaming < durability.Acknowledgements)
        {
            throw new DrMeshException(
                DrMeshError.ClusterUnfit,
                $"{streaming} standbys stream from {record.Primary} now, and {durability.Acknowledgements} acknowledgements were asked for: writes would stop at once",
                $"bring the standbys back first; drmesh cluster show {Cluster} says what they do");
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_looking)
        {
            return;
        }

        _looking = true;
        try
        {
            var estate = await estates.CurrentAsync(cancellationToken);
            var cluster = estate.PostgreSql(Cluster);
            if (board.HasFreshRecords && board.Record(Cluster) is { Session: null } known && keeper.WantedSet(cluster, known) is null && Astray(estate, cluster, known).Count == 0)
            {
                _wanted = null;
            }
            else if (await keeper.ReadAsync(cluster, cancellationToken) is { Session: null } record)
            {
                // Something was to be done: whether it still is, the control store says now.
                await KeepSetAsync(cluster, record, cancellationToken);
                KeepMembers(estate, cluster, board.Record(Cluster) ?? record);
            }
            else
            {
                _wanted = null;
                return;
            }

            KeepCopies(estate, cluster);
            await names.KeepAsync(estate, cluster, () => keeper.ReadAsync(cluster, cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.NotSeen(Cluster, failure.Message);
        }
        finally
        {
            _looking = false;
        }
    }

    private async Task KeepSetAsync(PostgreSqlCluster cluster, ClusterRecord record, CancellationToken cancellationToken)
    {
        var wanted = keeper.WantedSet(cluster, record);
        if (wanted is null || wanted != _wanted)
        {
            (_wanted, _wantedSince) = (wanted, time.GetTimestamp());
        }
        else if (time.GetElapsedTime(_wantedSince) >= Steady)
        {
            _wanted = null;
            await keeper.ChangeSetAsync(cluster, record, wanted, cancellationToken);
        }
    }

    private void KeepMembers(EstateDocument estate, PostgreSqlCluster cluster, ClusterRecord record)
    {
        foreach (var (member, reason) in Astray(estate, cluster, record))
        {
            if (_rejoining.GetValueOrDefault(member.Name) is not { IsCompleted: false })
            {
                _rejoining[member.Name] = keeper.RejoinAsync(estate, cluster, record, member, reason, CancellationToken.None);
            }
        }
    }

    // A warm standby follows the archive from time to time, whether the primary is there or not.
    private void KeepCopies(EstateDocument estate, PostgreSqlCluster cluster)
    {
        if (board.Record(Cluster) is not { Session: null } record)
        {
            return;
        }

        var strategy = SiteStrategy.Of(estate, cluster);
        foreach (var member in cluster.Members.Where(member => WarmCopies.IsDue(strategy, cluster, record, member.Name, keeper.FreshStatus(Cluster, member.Name), SinceCopy(member.Name))))
        {
            if (_rejoining.GetValueOrDefault(member.Name) is not { IsCompleted: false })
            {
                _copiedAt[member.Name] = time.GetTimestamp();
                _rejoining[member.Name] = keeper.RefreshCopyAsync(cluster, record, member);
            }
        }
    }

    private TimeSpan? SinceCopy(string member) => _copiedAt.TryGetValue(member, out var at) ? time.GetElapsedTime(at) : null;

    // The members that must be brought back, each with the reason. Nobody follows a primary that is not there.
    private List<(PostgreSqlMember Member, string Reason)> Astray(EstateDocument estate, PostgreSqlCluster cluster, ClusterRecord record)
    {
        var primary = cluster.Members.First(member => member.Name == record.Primary);
        var strategy = SiteStrategy.Of(estate, cluster);
        return keeper.FreshStatus(Cluster, primary.Name) is not { Role: MemberRole.Primary, IsFenced: false }
            ? []
            : [.. cluster.Members
                .Select(member => (member, Reason: keeper.FreshStatus(Cluster, member.Name) is { } status
                    ? MemberUpkeep.RejoinReason(record, primary, estate.Node(primary.Node).Address, member.Name, status, SiteStrategy.Keeps(strategy, cluster, record, member.Name))
                    : null))
                .Where(entry => entry.Reason is not null)
                .Select(entry => (entry.member, entry.Reason!))];
    }
}
