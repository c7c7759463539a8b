using System.CommandLine;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Console.Commands.Repository;

/// <summary>How the <c>repo</c> commands are told which repository: <c>--repo</c> once a tier, the first is read first, and the key.</summary>
internal static class RepositoryOptions
{
    /// <summary><c>--repo</c>.</summary>
    public static readonly Option<string[]> Repo = new("--repo")
    {
        Description = "Address of the repository: file:///path or s3://bucket/prefix?region=…&endpoint=…; NAME=ADDRESS names the tier; once a tier",
        HelpName = "[NAME=]URL",
        Required = true,
    };

    /// <summary><c>--key-file</c>.</summary>
    public static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "The repository's key file (environment: DRMESH_KEY_FILE)",
        HelpName = "FILE",
    };

    /// <summary><c>--key</c>.</summary>
    public static readonly Option<string?> Key = new("--key")
    {
        Description = "Instead of a key file: the address of a key, aws-kms:ARN",
        HelpName = "ADDRESS",
    };

    /// <summary>Opens the repository the command line names.</summary>
    public static Task<IBackupRepository> OpenRepositoryAsync(this CommandContext context, CancellationToken cancellationToken, bool create = false)
    {
        var key = context.Arguments.GetValue(Key) ?? KeyAddress(
            context.Arguments.GetValue(KeyFile) ?? Environment.GetEnvironmentVariable("DRMESH_KEY_FILE")
            ?? throw new DrMeshException(DrMeshError.UsageInvalid, "no key is given", "add --key-file FILE, or --key aws-kms:ARN"));
        var addresses = context.Arguments.GetValue(Repo) ?? [];
        var tiers = addresses.Select((address, number) => TierOf(address, number, key)).ToArray();
        return RepositoryHosting.CreateFactory(context.Time).OpenAsync(new RepositoryDescription { Tiers = tiers, Create = create }, cancellationToken);
    }

    /// <summary>The backup of a name that was typed; a name no tier has is answered with the nearest.</summary>
    public static async Task<BackupId> NamedAsync(this IBackupRepository repository, string name, CancellationToken cancellationToken) =>
        (await repository.FindKnownAsync(new BackupId(name), "drmesh repo ls shows what there is", cancellationToken)).Id;

    /// <summary>A key file's path as an address.</summary>
    public static string KeyAddress(string path) => "file://" + Path.GetFullPath(path);

    // NAME=URL names the tier; an equals sign in the URL's own parameters comes after the colon of its scheme.
    private static TierAddress TierOf(string address, int number, string key)
    {
        var equals = address.IndexOf('=', StringComparison.Ordinal);
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var isNamed = equals > 0 && equals < colon;
        return new TierAddress
        {
            Name = isNamed ? address[..equals] : $"repo{number + 1}",
            Url = isNamed ? address[(equals + 1)..] : address,
            Key = key,
        };
    }
}
