using System.CommandLine;
using DrMesh.Console.Commands.Repository;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Console.Commands.Wal;

/// <summary>
/// Where <c>drmesh wal</c> finds the archive. PostgreSQL runs the command as its own user with nobody at hand, so each value may come from the environment.
/// </summary>
internal static class WalOptions
{
    /// <summary><c>--repo</c>: one tier each.</summary>
    public static readonly Option<string[]> Repository = new("--repo")
    {
        Description = "A tier of the repository: URL or NAME=URL; may be repeated (environment: DRMESH_REPO, separated by spaces)",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary><c>--key</c>.</summary>
    public static readonly Option<string?> Key = new("--key")
    {
        Description = "Instead of a key file: the address of a key, aws-kms:ARN (environment: DRMESH_REPO_KEY)",
        HelpName = "ADDRESS",
    };

    /// <summary><c>--key-file</c>: as the <c>repo</c> commands have it.</summary>
    public static readonly Option<string?> KeyFile = RepositoryOptions.KeyFile;

    /// <summary><c>--cluster</c>.</summary>
    public static readonly Option<string?> Cluster = new("--cluster")
    {
        Description = "The cluster's name in the repository (environment: DRMESH_CLUSTER)",
    };

    /// <summary>The cluster's name.</summary>
    public static string ClusterOf(ParseResult arguments) =>
        arguments.GetValue(Cluster) ?? FromEnvironment("DRMESH_CLUSTER") ?? throw Missing("no cluster is named", "give --cluster NAME or set DRMESH_CLUSTER");

    /// <summary>The repository's description.</summary>
    public static RepositoryDescription DescriptionOf(ParseResult arguments)
    {
        var given = arguments.GetValue(Repository) is { Length: > 0 } tiers
            ? tiers
            : FromEnvironment("DRMESH_REPO")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? throw Missing("no repository is named", "give --repo URL or set DRMESH_REPO");
        var file = arguments.GetValue(KeyFile) ?? FromEnvironment("DRMESH_KEY_FILE");
        var key = arguments.GetValue(Key) ?? FromEnvironment("DRMESH_REPO_KEY") ?? (file is null ? null : RepositoryOptions.KeyAddress(file))
            ?? throw Missing("no key is named", "give --key-file FILE or --key aws-kms:ARN, or set DRMESH_KEY_FILE");
        return new RepositoryDescription { Tiers = [.. given.Select((text, index) => TierOf(text, index, key))] };
    }

    private static TierAddress TierOf(string text, int index, string key)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var isNamed = equals > 0 && equals < scheme;
        return new TierAddress { Name = isNamed ? text[..equals] : $"tier{index + 1}", Url = isNamed ? text[(equals + 1)..] : text, Key = key };
    }

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static DrMeshException Missing(string fact, string hint) => new(DrMeshError.UsageInvalid, fact, hint);
}
