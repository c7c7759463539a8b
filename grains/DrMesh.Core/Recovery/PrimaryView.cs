namespace DrMesh.Core.Recovery;

/// <summary>What one observer has seen of a primary, from one answer to the next; times by its own monotonic clock.</summary>
/// <param name="Primary">The member it looks at; a view of another member says nothing.</param>
/// <param name="FailingSince">When the first of its failures without one answer between began; null: the last question was answered.</param>
/// <param name="AnsweringSince">When the first of its answers without one failure between came; null: the last question failed.</param>
/// <param name="Problem">Why the last question failed; null: it did not.</param>
public sealed record PrimaryView(string Primary, TimeSpan? FailingSince, TimeSpan? AnsweringSince, string? Problem)
{
    /// <summary>The view after another answer.</summary>
    /// <param name="asked">When the question was asked.</param>
    /// <param name="problem">Why it failed; null: it was answered.</param>
    public PrimaryView After(TimeSpan asked, string? problem) => problem is null
        ? this with { FailingSince = null, AnsweringSince = AnsweringSince ?? asked, Problem = null }
        : this with { FailingSince = FailingSince ?? asked, AnsweringSince = null, Problem = problem };

    /// <summary>Nothing was seen yet.</summary>
    public static PrimaryView Of(string primary) => new(primary, null, null, null);
}
