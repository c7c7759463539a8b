namespace DrMesh.Core.Sessions;

/// <summary>A step of a session machine, an imperative: <c>FenceOldPrimary</c>. Stored by name: a name never changes its meaning.</summary>
public readonly record struct StepName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
