using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Estate;
using DrMesh.Core.Recovery.ReplicaSets;

namespace DrMesh.Core.Recovery;

/// <summary>Makes the plan of a failover, switchover or failback from facts, or says why there is none.</summary>
public static class RecoveryPlanner
{
    private static readonly TimeSpan LongTtl = TimeSpan.FromSeconds(60);

    /// <summary>The plan; null beside at least one block.</summary>
    public static (RecoveryPlan? Plan, ImmutableArray<string> Blocks, ImmutableArray<string> Warnings) Plan(RecoveryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var request = facts.Request;
        var policy = facts.Application.Policy.Failover;
        var strategy = request.Strategy ?? policy.Strategy;
        var restores = request.Kind == RecoveryKind.Failover && SiteStrategy.IsFromRepository(strategy);
        var moves = facts.Application.Clusters.Select(cluster => (Cluster: cluster, Move: MoveOf(facts, cluster, restores))).ToArray();
        // A cluster that is where it should be already is left alone: of an application, only what has to move moves.
        var moving = moves.Where(entry => entry.Move is { } move && HasToMove(request, entry.Cluster, move)).Select(entry => entry.Move!).ToImmutableArray();
        var sets = SetPlanning.Moves(facts);
        var blocks = Blocks(facts, strategy, moves, moving, sets);
        var warnings = Warnings(facts, moving);
        if (!blocks.IsEmpty)
        {
            return (null, blocks, warnings);
        }

        var from = moving.IsEmpty ? sets[0].From : new RegionId(moving[0].RegionOf(moving[0].OldPrimary));
        return (new RecoveryPlan
        {
            Kind = request.Kind,
            Strategy = strategy,
            Application = facts.Application.Name,
            From = from,
            To = request.To ?? (request.Kind == RecoveryKind.Failback ? facts.Application.PrimaryRegion : null),
            Clusters = moving,
            Sets = sets,
            Order = [.. facts.Application.Order.Where(name => moving.Any(move => move.Cluster == name) || sets.Any(move => move.Cluster == name))],
            Services = [.. facts.Application.Services.Select(service => service.Name)],
            ApprovalReasons = Approvals(facts, strategy),
            Approvers = policy.SecondApprover ? 2 : 1,
            LossLimitBytes = moving.Any(move => move.IsAsync) ? policy.LossLimit.Bytes : 0,
            Lease = policy.Lease,
            Reason = request.Reason,
            Hooks = facts.Application.Hooks,
            StableFor = facts.Application.Policy.Detection.DownAfter,
        }, [], warnings);
    }

    /// <summary>What must be approved before anything is touched.</summary>
    public static ImmutableArray<string> Approvals(RecoveryFacts facts, FailoverStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Request.IsAutomatic)
        {
            return [];
        }

        var policy = facts.Application.Policy;
        var reasons = ImmutableArray.CreateBuilder<string>();
        if (policy.Failover.SecondApprover)
        {
            reasons.Add($"policy {policy.Name} asks for a second person");
        }

        if (facts.Request.Kind == RecoveryKind.Failover)
        {
            if (strategy == FailoverStrategy.Manual)
            {
                reasons.Add($"policy {policy.Name} lets a person approve each failover");
            }

            reasons.AddRange(Restraints(facts));
        }
        else if (facts.Blackout is { } blackout)
        {
            reasons.Add($"a blackout holds{(blackout.Reason is { } reason ? $": {reason}" : "")}");
        }

        return reasons.ToImmutable();
    }

    private static ImmutableArray<string> Restraints(RecoveryFacts facts) => FailoverRestraint.Reasons(
        [.. facts.Records.Values.Concat(facts.Sets.Values.Select(set => set.Record).OfType<ClusterRecord>()).SelectMany(record => record.FailedOverAt).Distinct()], facts.Now, facts.Application.Policy.Failover, facts.Blackout);

    private static bool HasToMove(StartRecovery request, PostgreSqlCluster cluster, ClusterMove move) => request.Kind switch
    {
        RecoveryKind.Failback => move.RegionOf(move.OldPrimary) != (request.To ?? cluster.PrimaryRegion).Value,
        _ => request.To is not { } to || move.RegionOf(move.OldPrimary) != to.Value,
    };

    private static ClusterMove? MoveOf(RecoveryFacts facts, PostgreSqlCluster cluster, bool restores)
    {
        if (!facts.Records.TryGetValue(cluster.Name, out var record))
        {
            return null;
        }

        var to = facts.Request.To ?? (facts.Request.Kind == RecoveryKind.Failback ? cluster.PrimaryRegion : null);
        var others = cluster.Members.Where(member => member.Name != record.Primary).ToArray();
        var promotable = others.Where(member => member.Promotable && (to is null || member.Node.Region == to || facts.Request.Kind == RecoveryKind.Failover));
        var move = new ClusterMove
        {
            Cluster = cluster.Name,
            OldPrimary = record.Primary,
            Standbys = [.. others.Select(member => member.Name)],
            Promotable = [.. promotable.OrderByDescending(member => member.Node.Region == to).Select(member => member.Name)],
            OpenSets = record.OpenSets,
            Nodes = cluster.NodesOfMembers(),
            Durability = record.Durability ?? cluster.Durability,
            OldPrimaryIsGuarded = cluster.Members.Any(member => member.Name == record.Primary && facts.GuardedNodes.Contains(member.Node)),
        };
        return restores ? move with { Site = SiteOf(facts, move) } : move;
    }

    // Who is brought up from the repository: of those whose agent answers, outside the region that is left, one with a copy before one without.
    private static SiteSource? SiteOf(RecoveryFacts facts, ClusterMove move) =>
        facts.Sites.GetValueOrDefault(move.Cluster) is { IsPossible: true } latest && SiteMember(facts, move) is { } member
            ? SiteSource.Of(member, latest, facts.Members.GetValueOrDefault((move.Cluster, member)))
            : null;

    /// <summary>The machines whose repositories must be asked before a plan can be made, one for each cluster that would come up from its own; none for a plan that restores nothing.</summary>
    public static IReadOnlyList<(ClusterId Cluster, NodeId Node)> SitesToAsk(RecoveryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.Request.Kind != RecoveryKind.Failover || !SiteStrategy.IsFromRepository(facts.Request.Strategy ?? facts.Application.Policy.Failover.Strategy)
            ? []
            : [.. facts.Application.Clusters
                .Select(cluster => MoveOf(facts, cluster, restores: false))
                .OfType<ClusterMove>()
                .Where(move => SiteMember(facts, move) is not null)
                .Select(move => (move.Cluster, move.Nodes[SiteMember(facts, move)!]))];
    }

    private static string? SiteMember(RecoveryFacts facts, ClusterMove move) => move.Promotable
        .Where(member => move.RegionOf(member) != move.RegionOf(move.OldPrimary) && facts.Members.ContainsKey((move.Cluster, member)))
        .OrderByDescending(member => facts.Request.To is { } to && move.RegionOf(member) == to.Value)
        .ThenByDescending(member => facts.Members[(move.Cluster, member)].Role == MemberRole.Standby)
        .FirstOrDefault();

    private static ImmutableArray<string> Blocks(
        RecoveryFacts facts, FailoverStrategy strategy, (PostgreSqlCluster Cluster, ClusterMove? Move)[] moves, ImmutableArray<ClusterMove> moving, ImmutableArray<SetMove> sets)
    {
        var request = facts.Request;
        var blocks = ImmutableArray.CreateBuilder<string>();
        foreach (var (cluster, move) in moves)
        {
            if (move is null)
            {
                blocks.Add($"the mesh has not taken {cluster.Name} on yet, so nobody knows who leads; drmesh cluster show {cluster.Name} says what is missing");
            }
            else if (facts.Records[cluster.Name].Session is { } session)
            {
                blocks.Add($"session {session} moves {cluster.Name}; drmesh sessions watch {session}");
            }
        }

        if (request.LostPrimary is { } lost && facts.Records.Values.All(record => record.Primary != lost))
        {
            blocks.Add($"{lost} leads no cluster of {facts.Application.Name} any more, and its loss was the reason");
        }

        blocks.AddRange(SetPlanning.Blocks(facts, sets));
        if (blocks.Count == 0 && moving.IsEmpty && sets.IsEmpty)
        {
            blocks.Add(request.To is { } to
                ? $"every primary of {facts.Application.Name} is in {to} already"
                : $"every primary of {facts.Application.Name} is where the estate wants it; there is nothing to bring back");
        }

        foreach (var move in moving)
        {
            if (facts.Records[move.Cluster].Candidate is { } candidate && (request.Kind != RecoveryKind.Failover || request.IsAutomatic))
            {
                blocks.Add($"the promotion of {candidate} of {move.Cluster} was ordered and never confirmed; drmesh failover {facts.Application.Name} settles who leads");
            }

            if (move.Promotable.IsEmpty)
            {
                blocks.Add($"{move.Cluster} has no promotable member{(request.To is { } to ? $" in {to}" : "")} beside its primary {move.OldPrimary}; drmesh cluster show {move.Cluster}");
            }
            else if (HostBlock(facts, move) is { } problem)
            {
                blocks.Add(problem);
            }
            else if (request.Kind != RecoveryKind.Failover)
            {
                PlannedBlocks(facts, move, blocks);
            }
        }

        if (request.IsAutomatic)
        {
            if (strategy != FailoverStrategy.Automatic)
            {
                blocks.Add($"policy {facts.Application.Policy.Name} is {strategy}, not automatic; drmesh failover {facts.Application.Name} begins one");
            }

            blocks.AddRange(Restraints(facts).Select(reason => $"{reason}; drmesh failover {facts.Application.Name} begins one in spite of it"));
        }

        // Said before anybody approves: the session would refuse in the middle.
        if (request.Kind == RecoveryKind.Failover && SiteStrategy.IsFromRepository(strategy))
        {
            foreach (var move in moving.Where(move => !move.Promotable.IsEmpty && move.Site is null))
            {
                SiteBlocks(facts, move, blocks);
            }
        }

        if (moving.Length > 0 && EvacuationCheck.Refusal(new RegionId(moving[0].RegionOf(moving[0].OldPrimary)), facts.OpenRegions, request.To) is { } refusal)
        {
            blocks.Add(refusal);
        }

        return blocks.ToImmutable();
    }

    // An agent whose host may undo its orders refuses to promise and to be promoted; a planned move needs its old primary stopped as well.
    private static string? HostBlock(RecoveryFacts facts, ClusterMove move)
    {
        string? Problem(string member) => facts.Members.GetValueOrDefault((move.Cluster, member))?.HostProblem is { } problem ? $"{member} of {move.Cluster}: {problem}" : null;
        var candidates = move.Promotable.Select(Problem).ToArray();
        return (facts.Request.Kind != RecoveryKind.Failover ? Problem(move.OldPrimary) : null) ?? (candidates.All(problem => problem is not null) ? candidates[0] : null);
    }

    private static void SiteBlocks(RecoveryFacts facts, ClusterMove move, ImmutableArray<string>.Builder blocks)
    {
        if (SiteMember(facts, move) is null)
        {
            blocks.Add($"no agent of {string.Join(", ", move.Promotable)} answers, where {move.Cluster} would be brought up from the repository; start its silo");
        }
        else
        {
            blocks.Add($"the repository of {move.Cluster} has nothing it could be brought up from: {facts.Sites.GetValueOrDefault(move.Cluster)?.Refusal ?? "no tier of it answers"};"
                + $" drmesh pitr windows {move.Cluster}");
        }
    }

    // A planned move needs its old primary: without it, it is a failover.
    private static void PlannedBlocks(RecoveryFacts facts, ClusterMove move, ImmutableArray<string>.Builder blocks)
    {
        if (facts.Members.GetValueOrDefault((move.Cluster, move.OldPrimary)) is not { Role: MemberRole.Primary } primary)
        {
            blocks.Add($"the primary {move.OldPrimary} of {move.Cluster} does not answer as one; if it is lost: drmesh failover {facts.Application.Name}");
            return;
        }

        if (facts.Request.Kind == RecoveryKind.Switchover && !primary.Followers.Any(follower => move.Promotable.Contains(follower.Name)))
        {
            blocks.Add($"none of {string.Join(", ", move.Promotable)} streams from {move.OldPrimary} of {move.Cluster}; drmesh cluster show {move.Cluster}");
        }

        if (facts.Request.Kind == RecoveryKind.Failback && !move.Promotable.Any(member => facts.Members.ContainsKey((move.Cluster, member))))
        {
            blocks.Add($"no agent of {string.Join(", ", move.Promotable)} answers, where {move.Cluster} would go back to; start its silo");
        }
    }

    private static ImmutableArray<string> Warnings(RecoveryFacts facts, ImmutableArray<ClusterMove> moving)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        foreach (var move in moving.Where(move => move.Site is not null && !facts.Members.ContainsKey((move.Cluster, move.OldPrimary))))
        {
            warnings.Add($"no agent answers for {move.OldPrimary} of {move.Cluster}, and nobody follows it: unless it can be fenced by then, the session asks a person whether it is off");
        }

        foreach (var service in facts.Application.Services.Where(service => service.Mode == TrafficMode.Records && service.Ttl > LongTtl))
        {
            warnings.Add($"names of service {service.Name} may be kept for {service.Ttl.TotalSeconds:0} s by resolvers, above {LongTtl.TotalSeconds:0} s");
        }

        foreach (var move in moving.Where(move => move.IsAsync))
        {
            warnings.Add($"commits of {move.Cluster} wait for nobody: the promotion waits for the lease of {facts.Application.Policy.Failover.Lease.TotalSeconds:0.#} s unless {move.OldPrimary} is known to be stopped");
        }

        return warnings.ToImmutable();
    }
}
