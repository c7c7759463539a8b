using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo keygen</c>, <c>create</c> and <c>rotate-key</c>.</summary>
internal static class RepoKeys
{
    private static readonly Argument<string> File = new("file") { Description = "Key file to make" };
    private static readonly Option<string?> NewKeyFile = new("--new-key-file") { Description = "The new key file", HelpName = "FILE" };
    private static readonly Option<string?> NewKey = new("--new-key") { Description = "Instead: the address of the new key, aws-kms:ARN", HelpName = "ADDRESS" };
    private static readonly Option<bool> KeepOld = new("--keep-old") { Description = "Let the old key open the repository, too" };

    public static Command Keygen(CommandRunner runner) =>
        runner.Run(new Command("keygen", "Make a new key file") { File }, (context, _) =>
        {
            var path = Path.GetFullPath(context.Arguments.GetRequiredValue(File));
            var id = RepositoryKeys.CreateFile(path);
            context.Show(new { keyId = id, file = path }, _ => context.Terminal.Output.WriteLine(
                $"key {id} in {path}; keep a copy elsewhere: without it no backup can be read"));
            return Task.FromResult(ExitCodes.Done);
        });

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("create", "Make an empty repository, or a new tier of one"), async (context, cancellationToken) =>
        {
            await using var repository = await context.OpenRepositoryAsync(cancellationToken, create: true);
            context.Show(new { tiers = repository.Tiers }, _ => context.Terminal.Output.WriteLine($"the repository is there; tiers: {string.Join(", ", repository.Tiers)}"));
            return ExitCodes.Done;
        });

    public static Command Rotate(CommandRunner runner) =>
        runner.Run(
            new Command("rotate-key", "Wrap the repository's keys under a new key; content stays as it is") { NewKeyFile, NewKey, KeepOld },
            async (context, cancellationToken) =>
            {
                var next = context.Arguments.GetValue(NewKey)
                    ?? RepositoryOptions.KeyAddress(context.Arguments.GetValue(NewKeyFile)
                        ?? throw new DrMeshException(DrMeshError.UsageInvalid, "no new key is given", "add --new-key-file FILE, or --new-key aws-kms:ARN"));
                await using var repository = await context.OpenRepositoryAsync(cancellationToken);
                var report = await repository.RotateKeyAsync(next, context.Arguments.GetValue(KeepOld), cancellationToken);
                context.Show(report, _ => context.Terminal.Output.WriteLine(
                    $"{report.Wrapped} keys wrapped under {report.KeyId}, {report.Removed} under the old key removed; open the repository with the new key from here on"));
                return ExitCodes.Done;
            });
}
