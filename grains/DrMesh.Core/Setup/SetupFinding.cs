namespace DrMesh.Core.Setup;

/// <summary>One thing that was looked at before DrMesh is relied on.</summary>
public sealed record SetupFinding
{
    /// <summary>How much it matters.</summary>
    public required FindingLevel Level { get; init; }

    /// <summary>What it is about: <c>programs</c>, <c>rights</c>, <c>clock</c>, <c>connectivity</c>, <c>settings</c>, <c>cluster</c>.</summary>
    public required string Area { get; init; }

    /// <summary>Whose it is: this machine, a server as the caller named it, the control store.</summary>
    public required string Subject { get; init; }

    /// <summary>A fact with its values.</summary>
    public required string Message { get; init; }

    /// <summary>What to type or to do; null: nothing.</summary>
    public string? Remedy { get; init; }
}
