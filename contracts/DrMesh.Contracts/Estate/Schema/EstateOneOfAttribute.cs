namespace DrMesh.Contracts.Estate.Schema;

/// <summary>Exactly one of these keys of the entry must be given.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EstateOneOfAttribute(params string[] keys) : Attribute
{
    /// <summary>The keys, as written in the file.</summary>
    public string[] Keys { get; } = keys;
}
