namespace DrMesh.Engines.Processes;

/// <summary>What to run. Secrets go into <see cref="Environment"/> or standard input, never into <see cref="Arguments"/>, which every user of the machine can read.</summary>
public sealed record ToolCommand
{
    /// <summary>The program: a name found on PATH, or an absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments, one element each; no shell is involved.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set for the child on top of this process's own; a null value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The child's working directory; null: this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// The user the child runs as, when this process is root and the user is another; null or the own user: no change.
    /// PostgreSQL refuses to run as root.
    /// </summary>
    public string? RunAs { get; init; }

    /// <summary>Text written to the child's standard input, which is then closed; null: an empty input.</summary>
    public string? Input { get; init; }

    /// <summary>Called for each line of standard error as it comes.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>Called for each line of standard output as it comes.</summary>
    public Action<string>? OnOutputLine { get; init; }
}
