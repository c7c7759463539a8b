namespace DrMesh.Core.Traffic;

/// <summary>One record set before and after. Both are of the same name, type and set identifier.</summary>
/// <param name="Before">What was read; null: there was none. Where the provider can, it refuses the change when this is no longer so.</param>
/// <param name="After">What shall be there; null: nothing.</param>
public sealed record RecordSetChange(RecordSet? Before, RecordSet? After)
{
    /// <summary>The set the change is about.</summary>
    public RecordSet Subject => After ?? Before ?? throw new InvalidOperationException("a change has a set before or after");

    /// <summary>Whether a DNS server answers otherwise afterwards; false: only the mark changes.</summary>
    public bool MovesAnswers => Before is null != After is null || (After is not null && !After.AnswersLike(Before));

    /// <inheritdoc/>
    public override string ToString() => (Before, After) switch
    {
        (null, { } after) => $"create {after}",
        ({ } before, null) => $"remove {before}",
        ({ } before, { } after) => $"change {before} to {string.Join(", ", after.Values)}{after.Routing} (TTL {after.Ttl.TotalSeconds:0} s)",
        _ => "nothing",
    };
}
