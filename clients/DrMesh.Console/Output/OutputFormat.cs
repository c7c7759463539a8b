namespace DrMesh.Console.Output;

/// <summary>What <c>--output</c> chooses.</summary>
internal enum OutputFormat
{
    /// <summary>For a person.</summary>
    Text,

    /// <summary>For a program: one JSON document on standard output.</summary>
    Json,
}
