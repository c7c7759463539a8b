using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>Plans the switch of a service's names to one region from what was read at the provider.</summary>
public static class SwitchPlanner
{
    /// <summary>The longest TTL with which a switch is felt within a minute; a longer one is a warning.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(60);

    /// <summary>Plans; a plan with refusals has no changes, not even for the names that could be switched.</summary>
    public static SwitchPlan Plan(SwitchQuestion question)
    {
        var names = question.Service.Names.Select(name => PlanName(question, DnsName.Parse(name))).ToList();
        var refusals = names.SelectMany(name => name.Refusals).Distinct().ToList();
        var changes = names.SelectMany(name => name.Changes).ToList();
        return new SwitchPlan
        {
            Refusals = refusals,
            Warnings = [.. names.SelectMany(name => name.Warnings).Concat(ServiceWarnings(question)).Distinct()],
            Change = refusals.Count > 0 || changes.Count == 0 ? null : new ZoneChange(question.Zone, changes),
            IsAlreadySo = refusals.Count == 0 && names.TrueForAll(name => name.IsAlreadySo),
            Expected = refusals.Count > 0 ? [] : [.. names.Select(name => name.Expected).OfType<ExpectedAnswer>()],
            OldAnswersLiveFor = names.Select(name => name.OldAnswersLiveFor).DefaultIfEmpty().Max(),
        };
    }

    private static NamePlan PlanName(SwitchQuestion question, DnsName name)
    {
        var read = question.Read.GetValueOrDefault(name) ?? [];
        var existing = read.Where(set => set.Type == question.Type).ToList();
        var refusals = NameRules.Refusals(question, name, read);
        if (question.Target is not { } target || refusals.Count > 0)
        {
            return new NamePlan { Refusals = refusals };
        }

        var expected = new ExpectedAnswer { Zone = question.Zone, Name = name, Type = question.Type, Values = target.Values };
        return question.Service.Mode == TrafficMode.Health
            ? HealthPlan(question, name, target, existing) with { Expected = expected }
            : RecordsPlan(question, name, existing) with { Expected = expected };
    }

    private static NamePlan RecordsPlan(SwitchQuestion question, DnsName name, List<RecordSet> existing)
    {
        var wanted = WantedRecordSets.For(question, name, existing).Select(set => set with { Owner = question.Mark }).ToList();
        var changes = wanted.Select(after => new RecordSetChange(existing.FirstOrDefault(before => IsSameSet(before, after)), after))
            .Concat(existing.Where(before => !wanted.Exists(after => IsSameSet(before, after))).Select(before => new RecordSetChange(before, null)))
            .Where(change => change.Before != change.After)
            .ToList();
        var moved = changes.Where(change => change.MovesAnswers).ToList();
        var liveFor = moved.Select(change => change.Before).OfType<RecordSet>().Select(set => set.Ttl).DefaultIfEmpty().Max();
        return new NamePlan
        {
            Changes = changes,
            IsAlreadySo = moved.Count == 0,
            OldAnswersLiveFor = liveFor,
            Warnings =
            [
                .. TtlWarnings(name, liveFor),
                .. existing.Where(set => set.Owner is null).Take(1).Select(_ => $"{name} carries no mark of DrMesh yet; the switch takes it over"),
            ],
        };
    }

    private static NamePlan HealthPlan(SwitchQuestion question, DnsName name, ServiceAnswer target, List<RecordSet> existing)
    {
        var liveFor = existing.Select(set => set.Ttl).DefaultIfEmpty().Max();
        var plan = new NamePlan { IsAlreadySo = true, OldAnswersLiveFor = liveFor, Warnings = [.. TtlWarnings(name, liveFor)] };
        if (!question.Traits.Routing.Contains(DnsRouting.Failover))
        {
            // Its health checks live in records of its own kind, which the port does not read; the authoritative answers tell whether they work.
            return plan with { Warnings = [.. plan.Warnings, $"provider {question.Service.Provider} does not show its health checks; whether {name} has one for {target.Region} was not checked"] };
        }

        var provisioned = existing.Find(set => set.Routing.SetIdentifier == target.Region.Value);
        string? refusal = provisioned switch
        {
            null => $"{name} has no record set for region {target.Region}; mode health needs one for each region beforehand",
            { HealthCheckId: null } => $"the record set of {name} for region {target.Region} has no health check, so the provider would never move the name",
            _ when !provisioned.HasValues(target.Values) =>
                $"the record set of {name} for region {target.Region} answers with {string.Join(", ", provisioned.Values)} instead of {string.Join(", ", target.Values)}",
            _ => null,
        };
        return refusal is null ? plan : plan with { Refusals = [refusal] };
    }

    private static IEnumerable<string> TtlWarnings(DnsName name, TimeSpan current)
    {
        if (current > LongestTtl)
        {
            yield return $"{name} stands with a TTL of {current.TotalSeconds:0} s: resolvers may answer with the old region that long; 60 s or less is advised";
        }
    }

    private static IEnumerable<string> ServiceWarnings(SwitchQuestion question)
    {
        if (question.Service.Ttl > LongestTtl)
        {
            yield return $"service {question.Service.Name} declares a TTL of {question.Service.Ttl.TotalSeconds:0} s; 60 s or less is advised";
        }

        if (question.Service.Mode == TrafficMode.Records && !question.Traits.ComparesBeforeChange)
        {
            yield return $"provider {question.Service.Provider} cannot compare before it changes: another writer in the same moment is noticed only afterwards";
        }
    }

    private static bool IsSameSet(RecordSet left, RecordSet right) =>
        left.Routing.Kind == right.Routing.Kind && left.Routing.SetIdentifier == right.Routing.SetIdentifier;

    private sealed record NamePlan
    {
        public List<RecordSetChange> Changes { get; init; } = [];

        public IReadOnlyList<string> Warnings { get; init; } = [];

        public IReadOnlyList<string> Refusals { get; init; } = [];

        public ExpectedAnswer? Expected { get; init; }

        public bool IsAlreadySo { get; init; }

        public TimeSpan OldAnswersLiveFor { get; init; }
    }
}
