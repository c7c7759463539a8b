using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo restore</c>: a backup's files as they were. Recovery configuration for PostgreSQL is <c>drmesh restore</c>'s work.</summary>
internal static class RepoRestore
{
    private static readonly Argument<string> Backup = new("backup") { Description = "The backup's name; latest: the newest one" };
    private static readonly Option<string> Target = new("--target") { Description = "Directory to restore into", HelpName = "DIR", Required = true };
    private static readonly Option<bool> Delta = new("--delta") { Description = "Restore onto what is there: write only what differs, remove what the backup does not know" };
    private static readonly Option<string[]> Map = new("--map") { Description = "Another place for a tablespace: OLD=NEW, absolute directories", HelpName = "OLD=NEW" };
    private static readonly Option<string[]> Only = new("--only") { Description = "Only this path and what is under it", HelpName = "PATH" };
    private static readonly Option<string?> Owner = new("--owner") { Description = "Give the files to this user (as root)", HelpName = "USER" };
    private static readonly Option<int> Workers = new("--workers") { Description = "Workers; 0: one a processor", HelpName = "N" };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("restore", "Restore a backup's files") { Backup, Target, Delta, Map, Only, Owner, Workers }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var id = await ResolveAsync(repository, context.Arguments.GetRequiredValue(Backup), cancellationToken);
        await using var reader = await repository.OpenAsync(id, cancellationToken);
        var only = (context.Arguments.GetValue(Only) ?? []).Select(path => path.Trim('/')).ToArray();
        var request = new RestoreRequest
        {
            TargetDirectory = Path.GetFullPath(context.Arguments.GetRequiredValue(Target)),
            Delta = context.Arguments.GetValue(Delta),
            RootMap = (context.Arguments.GetValue(Map) ?? []).Select(Parse).ToDictionary(),
            Owner = context.Arguments.GetValue(Owner),
            Parallelism = context.Arguments.GetValue(Workers),
            Filter = only.Length == 0
                ? null
                : file => only.Any(path => file.Path == path || file.Path.StartsWith(path + "/", StringComparison.Ordinal)),
        };
        var started = context.Time.GetTimestamp();
        RestoreReport report;
        using (var progress = new ByteProgress<RestoreProgress>(context.Terminal, context.Time, "restoring", value => (value.DoneBytes, value.TotalBytes)))
        {
            report = await reader.RestoreAsync(request, progress, cancellationToken);
        }

        var took = context.Time.GetElapsedTime(started);
        context.Show(new { backup = id, target = request.TargetDirectory, seconds = took.TotalSeconds, report }, _ =>
            context.Terminal.Output.WriteLine(
                $"restored {id} into {request.TargetDirectory}: {report.Files} paths, {Bytes.Text(report.TotalBytes)}, of it {Bytes.Text(report.WrittenBytes)} written, "
                + $"{report.RemovedPaths} removed, in {Ago.Duration(took)}"));
        return ExitCodes.Done;
    }

    private static async Task<BackupId> ResolveAsync(IBackupRepository repository, string name, CancellationToken cancellationToken)
    {
        if (name != "latest")
        {
            return await repository.NamedAsync(name, cancellationToken);
        }

        BackupSummary? newest = null;
        var sources = new HashSet<string>();
        await foreach (var backup in repository.ListAsync(null, cancellationToken))
        {
            sources.Add(backup.Source);
            newest = newest is null || backup.CompletedAt > newest.CompletedAt ? backup : newest;
        }

        return sources.Count <= 1
            ? newest?.Id ?? throw new DrMeshException(DrMeshError.RepositoryBackupUnknown, "the repository has no backup", "drmesh repo ls shows what there is")
            : throw new DrMeshException(
                DrMeshError.UsageInvalid, $"the repository has backups of {string.Join(", ", sources.Order())}", "name the backup; drmesh repo ls shows them");
    }

    private static KeyValuePair<string, string> Parse(string map)
    {
        var equals = map.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? KeyValuePair.Create(map[..equals], map[(equals + 1)..])
            : throw new DrMeshException(DrMeshError.UsageInvalid, $"--map {map} is not OLD=NEW", "for example --map /srv/fast=/mnt/restore/fast");
    }
}
