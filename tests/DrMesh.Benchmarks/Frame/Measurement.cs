using System.Text.Json.Serialization;

namespace DrMesh.Benchmarks.Frame;

/// <summary>One figure: the median over a number of runs, beside a peer's where there is one.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Ours">DrMesh's median.</param>
/// <param name="Peer">The peer's median over the same runs; null: there is no peer.</param>
/// <param name="Runs">Over how many runs.</param>
internal sealed record Measurement(string Name, string Unit, double Ours, double? Peer, [property: JsonPropertyOrder(2)] int Runs)
{
    /// <summary>Ours divided by the peer's; null without a peer.</summary>
    [JsonPropertyOrder(1)]
    public double? Ratio => Peer is { } peer && peer != 0 ? Ours / peer : null;

    /// <summary>What it is meant to reach; null: nothing is asked of it. Of the table only.</summary>
    [JsonIgnore]
    public Aim? Aim { get; init; }

    /// <summary>The figures with the aims of those whose names begin so.</summary>
    public static IReadOnlyList<Measurement> WithAims(IEnumerable<Measurement> figures, IReadOnlyDictionary<string, Aim> aims) =>
        [.. figures.Select(figure => figure with { Aim = aims.FirstOrDefault(aim => figure.Name.StartsWith(aim.Key, StringComparison.Ordinal)).Value })];

    /// <summary>The median of what <paramref name="runs"/> runs gave.</summary>
    public static Measurement Median(string name, string unit, IReadOnlyCollection<double> runs, IReadOnlyCollection<double>? peerRuns = null) =>
        new(name, unit, Middle(runs), peerRuns is null ? null : Middle(peerRuns), runs.Count);

    private static double Middle(IReadOnlyCollection<double> runs)
    {
        var sorted = runs.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
