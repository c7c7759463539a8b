namespace DrMesh.Contracts.Estate;

/// <summary>One thing about an estate file that a person should know: where, and what was expected.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-finding")]
public sealed record EstateFinding
{
    /// <summary>Whether it keeps the estate from being applied.</summary>
    [Id(0)]
    public required FindingSeverity Severity { get; init; }

    /// <summary>The file's line, from 1; 0 when it is about the whole file.</summary>
    [Id(1)]
    public required int Line { get; init; }

    /// <summary>The column, from 1; 0 when it is about the whole file.</summary>
    [Id(2)]
    public required int Column { get; init; }

    /// <summary>The key's path, for example <c>clusters.orders.primaryRegion</c>; empty when it is about the whole file.</summary>
    [Id(3)]
    public required string Path { get; init; }

    /// <summary>A fact with its values and what was expected, as one sentence.</summary>
    [Id(4)]
    public required string Message { get; init; }

    /// <summary>The finding as compilers print theirs: <c>estate.yaml:14:5: clusters.orders.primaryRegion: …</c>.</summary>
    public string Describe(string fileName)
    {
        var place = Line > 0 ? $"{fileName}:{Line}:{Column}" : fileName;
        var severity = Severity == FindingSeverity.Warning ? "warning: " : "";
        return Path.Length > 0 ? $"{place}: {severity}{Path}: {Message}" : $"{place}: {severity}{Message}";
    }
}
