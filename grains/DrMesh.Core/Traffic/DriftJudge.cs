namespace DrMesh.Core.Traffic;

/// <summary>What to do about record sets that are not as they should be, long after a switch has ended.</summary>
public static class DriftJudge
{
    /// <summary>
    /// Judges the plan of a switch to the region already in charge. What an earlier switch of DrMesh wrote late is put back; what a person or another tool
    /// wrote is only reported, since two writers that undo each other are worse than a wrong answer that someone is told of.
    /// </summary>
    /// <returns>The change to make, null for none; and a sentence for each difference that is left alone.</returns>
    public static (ZoneChange? PutBack, IReadOnlyList<string> Report) Judge(SwitchPlan plan, OwnerMark mark)
    {
        var moved = plan.Change?.Changes.Where(change => change.MovesAnswers).ToList() ?? [];
        var left = moved.Where(change => !IsStaleWriter(change, mark)).ToList();
        return (
            // Sets whose mark alone is old go along: a provider may keep one mark for all sets of a name.
            left.Count == moved.Count ? null : plan.Change! with { Changes = [.. plan.Change.Changes.Except(left)] },
            [.. plan.Refusals, .. left.Select(Sentence)]);
    }

    private static bool IsStaleWriter(RecordSetChange change, OwnerMark mark) =>
        change.Before?.Owner is { } owner && owner.Service == mark.Service && mark.IsNewerThan(owner);

    private static string Sentence(RecordSetChange change) => change switch
    {
        { Before: null, After: { } after } => $"{after} is missing",
        { Before: { } before, After: null } => $"{before} should not be there",
        _ => $"{change.Before} should be {change.After}",
    };
}
