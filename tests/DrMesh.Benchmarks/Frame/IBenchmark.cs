namespace DrMesh.Benchmarks.Frame;

/// <summary>One subject that is measured: <c>bench NAME</c>.</summary>
internal interface IBenchmark
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one sentence.</summary>
    string Description { get; }

    /// <summary>Measures; tells <paramref name="progress"/> what it is at.</summary>
    Task<IReadOnlyList<Measurement>> RunAsync(Action<string> progress, CancellationToken cancellationToken);
}
