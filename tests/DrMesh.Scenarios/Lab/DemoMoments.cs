namespace DrMesh.Scenarios.Lab;

/// <summary>When a demo is ended.</summary>
public static class DemoMoments
{
    /// <summary>Seconds after its start: a moment for each part of a run, moved at random so that two runs of the tests do not try the same one. A calm machine tells the whole story in little more than half a minute.</summary>
    public static IEnumerable<TheoryDataRow<double>> OfEachPart() =>
        new[] { 0.3, 2.0, 6.0, 12.0, 20.0 }.Select(moment => new TheoryDataRow<double>(Math.Round(moment * (0.7 + (0.6 * Random.Shared.NextDouble())), 2)));
}
