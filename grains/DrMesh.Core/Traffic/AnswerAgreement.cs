namespace DrMesh.Core.Traffic;

/// <summary>Whether authoritative servers answer as they should, and who does not.</summary>
public sealed record AnswerAgreement
{
    /// <summary>What was expected.</summary>
    public required ExpectedAnswer Expected { get; init; }

    /// <summary>The last answer of each server.</summary>
    public required IReadOnlyList<ServerAnswer> Answers { get; init; }

    /// <summary>One sentence for each server that does not answer as expected, with what it answers.</summary>
    public required IReadOnlyList<string> Disagreements { get; init; }

    /// <summary>Whether every server agrees. Nobody asked is not agreement.</summary>
    public bool IsReached => Answers.Count > 0 && Disagreements.Count == 0;

    /// <summary>Compares the answers with what was expected.</summary>
    public static AnswerAgreement Judge(ExpectedAnswer expected, IReadOnlyList<ServerAnswer> answers)
    {
        var wanted = Normalized(expected, expected.Values);
        return new AnswerAgreement
        {
            Expected = expected,
            Answers = answers,
            Disagreements = [.. answers.Select(answer => Disagreement(expected, wanted, answer)).OfType<string>()],
        };
    }

    private static string? Disagreement(ExpectedAnswer expected, HashSet<string> wanted, ServerAnswer answer)
    {
        var question = $"{expected.Name} {expected.Type.ToString().ToUpperInvariant()}";
        if (answer.Fault is { } fault)
        {
            return $"{answer.Server} gave no answer for {question}: {fault}";
        }

        var given = Normalized(expected, answer.Values);
        var agrees = expected.Exactly ? given.SetEquals(wanted) : given.Count > 0 && given.IsSubsetOf(wanted);
        return agrees
            ? null
            : $"{answer.Server} answers {question} with {Text(given)} instead of {Text(wanted)}";
    }

    private static string Text(HashSet<string> values) => values.Count == 0 ? "nothing" : string.Join(", ", values.Order(StringComparer.Ordinal));

    private static HashSet<string> Normalized(ExpectedAnswer expected, IReadOnlyList<string> values) =>
        [.. values.Select(value => RecordSet.Normalize(expected.Type, value))];
}
