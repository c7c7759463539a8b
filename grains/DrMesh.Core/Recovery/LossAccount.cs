using System.Collections.Immutable;
using System.Globalization;

namespace DrMesh.Core.Recovery;

/// <summary>Where commits waited for nobody: the loss that was shown before a promotion, and what was counted when the old primary came back, side by side.</summary>
public static class LossAccount
{
    /// <summary>What an agent counted of what only its server had: bytes of WAL.</summary>
    public const string Bytes = "lostBytes";

    /// <summary>What an agent counted of what only its server had: commits.</summary>
    public const string Commits = "lostCommits";

    /// <summary>Why more was lost than was shown; missing when it was not.</summary>
    public const string Beyond = "lossBeyond";

    /// <summary>As evidence: <c>lossShown</c> and <c>lossCounted</c>, and <see cref="Beyond"/> where the second is more.</summary>
    /// <param name="shown">What was shown.</param>
    /// <param name="rejoined">The evidence of the old primary's return.</param>
    public static ImmutableSortedDictionary<string, string> Of(ShownLoss shown, ImmutableSortedDictionary<string, string> rejoined)
    {
        ArgumentNullException.ThrowIfNull(shown);
        ArgumentNullException.ThrowIfNull(rejoined);
        long? counted = rejoined.TryGetValue(Bytes, out var bytes) ? long.Parse(bytes, CultureInfo.InvariantCulture) : null;
        var account = ImmutableSortedDictionary<string, string>.Empty
            .Add("lossShown", shown.Bytes is { } most ? string.Create(CultureInfo.InvariantCulture, $"at most {most} bytes") : "unknown")
            .Add("lossCounted", counted is { } lost ? string.Create(CultureInfo.InvariantCulture, $"{lost} bytes with {rejoined.GetValueOrDefault(Commits, "an unknown number of")} commits") : "not counted");
        return counted > shown.Bytes
            ? account.Add(Beyond, string.Create(CultureInfo.InvariantCulture, $"{counted} bytes were lost, {shown.Bytes} were shown before the decision: the primary wrote more than it had been seen to"))
            : account;
    }
}
