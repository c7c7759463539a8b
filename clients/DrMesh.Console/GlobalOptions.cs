using System.CommandLine;
using DrMesh.Console.Output;

namespace DrMesh.Console;

/// <summary>The options every command takes.</summary>
internal static class GlobalOptions
{
    /// <summary><c>--output text|json</c>.</summary>
    public static readonly Option<OutputFormat> Output = new("--output", "-o")
    {
        Description = "How results are written: text for a person, json for a program",
        HelpName = "text|json",
        Recursive = true,
        DefaultValueFactory = _ => OutputFormat.Text,
    };

    /// <summary><c>--verbose</c>.</summary>
    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Add the stack trace to an error",
        Recursive = true,
    };

    /// <summary><c>--gateways</c>.</summary>
    public static readonly Option<string?> Gateways = new("--gateways")
    {
        Description = "Silos to connect to, host:port, separated by commas (environment: DRMESH_GATEWAYS)",
        Recursive = true,
    };

    /// <summary><c>--store</c>.</summary>
    public static readonly Option<string?> Store = new("--store")
    {
        Description = "Find the silos in this control store: a connection string without a password (environment: DRMESH_STORE)",
        Recursive = true,
    };
}
