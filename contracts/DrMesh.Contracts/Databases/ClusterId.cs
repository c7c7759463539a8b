namespace DrMesh.Contracts.Databases;

/// <summary>A database cluster's name as the estate gives it, for example <c>orders</c>.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.cluster-id")]
public readonly record struct ClusterId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
