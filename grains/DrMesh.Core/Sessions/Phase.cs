namespace DrMesh.Core.Sessions;

/// <summary>A phase of a session machine, a gerund or an end's adjective: <c>Fencing</c>, <c>Completed</c>. Stored by name: a name never changes its meaning.</summary>
public readonly record struct Phase(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
