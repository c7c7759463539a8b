using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>What forbids the switch of a name.</summary>
internal static class NameRules
{
    public static IReadOnlyList<string> Refusals(SwitchQuestion question, DnsName name, IReadOnlyList<RecordSet> read) =>
    [
        .. DeclarationFaults(question, name),
        .. read.Where(set => IsExclusiveWith(question.Type, set.Type))
            .Select(set => $"{name} is a {Text(set.Type)} at the provider; it cannot also be a {Text(question.Type)}")
            .Distinct(),
        .. question.Service.Mode == TrafficMode.Health
            ? []
            : read.Where(set => set.Type == question.Type).Select(set => ForeignOwner(question, name, set)).OfType<string>(),
    ];

    private static IEnumerable<string> DeclarationFaults(SwitchQuestion question, DnsName name)
    {
        if (question.Target is not { } target)
        {
            yield return $"service {question.Service.Name} declares no answer for region {question.To}";
            yield break;
        }

        if (!name.IsWithin(question.Zone))
        {
            yield return $"{name} does not lie in zone {question.Zone}";
        }

        foreach (var value in target.Values.Where(value => !RecordSet.IsValue(question.Type, value)))
        {
            yield return $"\"{value}\" cannot be the answer of {name}: it is not a {Text(question.Type)} value";
        }

        if (question.Type == RecordType.Cname && target.Values.Length > 1)
        {
            yield return $"{name} is a CNAME and can have one target only; region {question.To} declares {target.Values.Length}";
        }

        if (question.Type == RecordType.Cname && name == question.Zone)
        {
            yield return $"{name} is the top of its zone and cannot be a CNAME (RFC 1034 section 3.6.2)";
        }

        if (question.Service.Mode == TrafficMode.Health)
        {
            if (!question.Traits.HasHealthChecks)
            {
                yield return $"provider {question.Service.Provider} has no health checks, so service {question.Service.Name} cannot be in mode health";
            }
        }
        else if (!question.Traits.Routing.Contains(question.Service.Routing))
        {
            yield return $"provider {question.Service.Provider} has no {question.Service.Routing.ToString().ToLowerInvariant()} routing, which service {question.Service.Name} declares";
        }
    }

    private static string? ForeignOwner(SwitchQuestion question, DnsName name, RecordSet set)
    {
        if (set.Owner is { } owner)
        {
            return owner.Service != question.Mark.Service
                ? $"{name} belongs to service {owner.Service}"
                : owner.IsNewerThan(question.Mark)
                    ? $"{name} was written by a later switch (epoch {owner.Epoch}, generation {owner.Generation}) than this one (epoch {question.Mark.Epoch}, generation {question.Mark.Generation})"
                    : null;
        }

        var known = question.Service.Answers.SelectMany(answer => answer.Values).Select(value => RecordSet.Normalize(set.Type, value)).ToHashSet();
        var foreign = set.Values.Select(value => RecordSet.Normalize(set.Type, value)).Where(value => !known.Contains(value)).ToList();
        return question.Adopt || foreign.Count == 0
            ? null
            : $"{name} is managed by something else: it carries no mark of DrMesh and answers with {string.Join(", ", foreign)}, which the estate does not know";
    }

    // RFC 1034 section 3.6.2: a name with a CNAME has no other data.
    private static bool IsExclusiveWith(RecordType wanted, RecordType present) =>
        wanted != present && (wanted == RecordType.Cname || present == RecordType.Cname);

    private static string Text(RecordType type) => type.ToString().ToUpperInvariant();
}
