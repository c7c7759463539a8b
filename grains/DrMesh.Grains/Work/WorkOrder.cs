namespace DrMesh.Grains.Work;

/// <summary>Long work for one machine, ordered by a session's step. Idempotent: the same order given again goes on or finds that it is done.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.work-order")]
internal abstract record WorkOrder
{
    /// <summary>Who ordered it: session, step and attempt.</summary>
    [Id(0)]
    public required string Key { get; init; }
}
