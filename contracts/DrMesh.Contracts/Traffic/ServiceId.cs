namespace DrMesh.Contracts.Traffic;

/// <summary>A service's name as the estate gives it, for example <c>shop</c>; it is also its traffic grain's key.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.service-id")]
public readonly record struct ServiceId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
