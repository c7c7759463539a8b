using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Core.Recovery.ReplicaSets;

namespace DrMesh.Core.Recovery;

/// <summary>Shows a plan before it runs.</summary>
public static class RecoveryPreviews
{
    /// <summary>The preview of what the facts' request would do.</summary>
    public static RecoveryPreview Of(RecoveryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var (plan, blocks, warnings) = RecoveryPlanner.Plan(facts);
        var request = facts.Request;
        var strategy = request.Strategy ?? facts.Application.Policy.Failover.Strategy;
        var preview = new RecoveryPreview
        {
            Application = facts.Application.Name,
            Kind = request.Kind,
            Strategy = strategy,
            Approvals = RecoveryPlanner.Approvals(facts, strategy),
            Warnings = warnings,
            Blocks = blocks,
        };
        if (plan is null)
        {
            return preview;
        }

        ImmutableArray<ClusterPreview> clusters = [.. plan.Clusters.Select(move => Of(facts, plan, move))];
        ImmutableArray<SetPreview> sets = [.. plan.Sets.Select(move => SetPlanning.Preview(facts, move))];
        return preview with
        {
            From = plan.From,
            Clusters = clusters,
            Sets = sets,
            Services = plan.Services,
            Steps = Steps(plan),
            ExpectedGap = Gap(facts, plan),
            Approvals =
            [
                .. preview.Approvals,
                .. clusters.Any(cluster => cluster.ExpectedLossBytes is not { } bytes || bytes > plan.LossLimitBytes) && plan.Kind == RecoveryKind.Failover
                    ? [$"by what answers now, acknowledged writes could be lost beyond the limit of {plan.LossLimitBytes} bytes; the session asks before it promotes"]
                    : Array.Empty<string>(),
                .. sets.Select(set => set.Question).OfType<string>(),
            ],
        };
    }

    private static ClusterPreview Of(RecoveryFacts facts, RecoveryPlan plan, ClusterMove move)
    {
        // Begun now, the session would wait so long until the primary is known to write no more.
        var wait = new LeaseTerm(plan.Lease).PromoterWait + (move.Site?.Estimate ?? TimeSpan.Zero);
        var reach = move.IsAsync && facts.Request.Kind == RecoveryKind.Failover ? facts.Reaches.GetValueOrDefault(move.Cluster)?.After(wait) : null;
        var rests = reach?.Explain(move.OldPrimary);
        if (move.Site is { } site)
        {
            long? lost = reach?.UpTo is { } end ? Math.Max(0, end - site.ArchivedTo) : null;
            return new ClusterPreview
            {
                Cluster = move.Cluster,
                OldPrimary = move.OldPrimary,
                Candidate = site.Member,
                ExpectedLossBytes = lost,
                ExpectedLossTime = SiteLoss.Of(lost, reach is null ? null : facts.Now + wait, site.ArchivedAt),
                LossRests = rests,
                RestoredFrom = $"{(site.HasCopy ? "its own copy" : $"backup {site.Backup} of tier {site.Tier}")} and the archive up to {site.ArchivedTo}",
                RestoreTime = site.Estimate,
            };
        }

        var answering = move.Standbys
            .Select(member => (member, status: facts.Members.GetValueOrDefault((move.Cluster, member))))
            .Where(entry => entry.status is { Role: MemberRole.Standby })
            .Select(entry => new Promise(entry.member, 0, entry.status!.Timeline, entry.status.Lsn))
            .ToArray();
        var candidate = Candidate.Choose(answering, 0, move.Promotable);
        var isPlanned = facts.Request.Kind != RecoveryKind.Failover;
        return new ClusterPreview
        {
            Cluster = move.Cluster,
            OldPrimary = move.OldPrimary,
            Candidate = candidate?.Member ?? (facts.Request.Kind == RecoveryKind.Failback ? move.Promotable[0] : null),
            ExpectedLossBytes = isPlanned ? 0 : candidate is null ? null : ExpectedLoss.Of(move.OpenSets, answering, candidate, reach?.UpTo is { } upTo ? (reach.Timeline, upTo) : null).Bytes,
            LossRests = rests,
            MissingPromises = PromotionQuorum.Missing(move.OpenSets, [.. answering.Select(promise => promise.Member)]),
        };
    }

    // The way through the table when every step goes well. Of several clusters and sets a line says which it is about.
    private static ImmutableArray<string> Steps(RecoveryPlan plan)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var phase in HappyPath.Of(plan))
        {
            var what = !phase.Steps.IsEmpty ? $": {string.Join(", ", phase.Steps)}" : DrSession.Machine[phase.Phase].Approval is null ? "" : ": a person agrees";
            var whose = plan.Order.Length > 1 && !phase.Targets.IsEmpty ? $" {string.Join(", ", phase.Targets)}" : "";
            lines.Add($"{phase.Phase}{whose}{what} ({phase.Reason})");
        }

        return lines.ToImmutable();
    }

    // What must be waited for, and a restore as fast as earlier ones; other work is not guessed at.
    private static TimeSpan Gap(RecoveryFacts facts, RecoveryPlan plan)
    {
        var detection = facts.Request.Kind == RecoveryKind.Failover ? facts.Application.Policy.Detection.DownAfter : TimeSpan.Zero;
        var lease = facts.Request.Kind == RecoveryKind.Failover && plan.Clusters.Any(move => move.IsAsync) ? new LeaseTerm(plan.Lease).PromoterWait : TimeSpan.Zero;
        var names = facts.Application.Services.Select(service => service.Mode == TrafficMode.Records ? service.Ttl : TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Max();
        // Sites come up side by side.
        var restore = plan.Clusters.Select(move => move.Site?.Estimate ?? TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Max();
        return detection + restore + lease + names;
    }
}
