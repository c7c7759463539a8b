namespace DrMesh.Lab.Chaos;

/// <summary>One fault of a run.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Standby">Which of the standby regions, where it strikes one: the first or the second.</param>
/// <param name="Length">How long until it is mended.</param>
internal sealed record PlannedFault(Fault Fault, int Standby, TimeSpan Length)
{
    private const int ShortestSeconds = 4;
    private const int LongestSeconds = 30;

    /// <summary>An endless row of them, the same for the same seed.</summary>
    public static IEnumerable<PlannedFault> Random(int seed)
    {
        // The runtime keeps the algorithm of a seeded generator.
        var random = new Random(seed);
        while (true)
        {
            yield return new PlannedFault(
                Faults.All[random.Next(Faults.All.Count)], random.Next(2), TimeSpan.FromSeconds(random.Next(ShortestSeconds, LongestSeconds + 1)));
        }
    }

    /// <summary>Those a person named, each <c>NAME</c> or <c>NAME:SECONDS</c>.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">There is no such fault.</exception>
    public static IReadOnlyList<PlannedFault> Parse(string text, TimeSpan usual) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word =>
    {
        var parts = word.Split(':', 2);
        var fault = Faults.Find(parts[0]) ?? throw Unknown($"there is no fault {parts[0]}");
        var length = parts.Length == 1 ? usual : int.TryParse(parts[1], out var seconds) && seconds >= 0 ? TimeSpan.FromSeconds(seconds) : throw Unknown($"{word} is not NAME or NAME:SECONDS");
        return new PlannedFault(fault, 0, length);
    })];

    private static Contracts.Errors.DrMeshException Unknown(string fact) =>
        new(Contracts.Errors.DrMeshError.UsageInvalid, fact, $"choose from {string.Join(", ", Faults.All.Select(known => known.Name))}");
}
