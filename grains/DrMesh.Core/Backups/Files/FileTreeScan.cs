namespace DrMesh.Core.Backups.Files;

/// <summary>Which tree is read, and how.</summary>
public sealed record FileTreeScan
{
    /// <summary>The tree's top, an absolute directory.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Patterns of what is left out: <c>*</c> and <c>?</c> stay within a name, <c>**</c> spans several, <c>[ab]</c> is one of. A pattern with a <c>/</c> is held
    /// against the path from the top, one without against each name. A directory that is left out is not entered.
    /// </summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Workers; 0: one a processor.</summary>
    public int Parallelism { get; init; }

    /// <summary>How often something that changes while it is read is read again before it is named in a warning.</summary>
    public int Attempts { get; init; } = 3;
}
