namespace DrMesh.Core.Errors;

/// <summary>"Did you mean": finds the known name a mistyped one is closest to.</summary>
public static class NearestName
{
    /// <summary>
    /// The candidate with the smallest Damerau-Levenshtein distance (optimal string alignment) to <paramref name="typed"/>, or null when
    /// none is near: at most a third of the longer name's letters may differ. Upper and lower case count as equal.
    /// </summary>
    public static string? Of(string typed, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: Distance(typed.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Max(typed.Length, pair.candidate.Length) / 3))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.candidate;
    }

    /// <summary>The hint sentence for a mistyped name: the nearest one, or the list of all when none is near.</summary>
    public static string Hint(string typed, IReadOnlyCollection<string> candidates) =>
        Of(typed, candidates) is { } near ? $"did you mean {near}?"
        : candidates.Count == 0 ? "there is none yet"
        : $"known: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}";

    private static int Distance(string a, string b)
    {
        var beforePrevious = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
                }
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Length];
    }
}
