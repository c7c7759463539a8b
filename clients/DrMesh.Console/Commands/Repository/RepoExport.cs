using System.CommandLine;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Console.Commands.Repository;

/// <summary><c>drmesh repo export</c>: a MongoDB backup as the directory that <c>mongodump --oplog</c> writes, for whoever has nothing but MongoDB's own tools.</summary>
internal static class RepoExport
{
    private static readonly Argument<string> Backup = new("backup") { Description = "The backup's name" };
    private static readonly Option<string> Target = new("--target") { Description = "Directory to write, empty or not there: DATABASE/COLLECTION.bson, .metadata.json and oplog.bson", HelpName = "DIR", Required = true };

    public static Command Create(CommandRunner runner) =>
        runner.Run(new Command("export", "Write a MongoDB backup as a dump that mongorestore --oplogReplay reads") { Backup, Target }, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var repository = await context.OpenRepositoryAsync(cancellationToken);
        var id = await repository.NamedAsync(context.Arguments.GetRequiredValue(Backup), cancellationToken);
        await using var reader = await repository.OpenAsync(id, cancellationToken);
        if (reader.Summary.Engine != MongoFacts.Engine)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid, $"backup {id} was made by {reader.Summary.Engine}, and a dump is of {MongoFacts.Engine}", "drmesh repo restore writes the files of any backup");
        }

        var target = Path.GetFullPath(context.Arguments.GetRequiredValue(Target));
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            // mongorestore would read what lies there, too.
            throw new DrMeshException(DrMeshError.RestoreTargetUnusable, $"directory {target} is not empty", "name an empty one, or one that does not exist");
        }

        RestoreReport report;
        using (var progress = new ByteProgress<RestoreProgress>(context.Terminal, context.Time, "writing", value => (value.DoneBytes, value.TotalBytes)))
        {
            report = await reader.RestoreAsync(new RestoreRequest { TargetDirectory = target }, progress, cancellationToken);
        }

        context.Show(new { backup = id, target, position = reader.Summary.Facts[MongoFacts.Position], report }, _ =>
        {
            context.Terminal.Output.WriteLine($"wrote {id} to {target}: {report.Files} paths, {Bytes.Text(report.TotalBytes)}");
            context.Terminal.Output.WriteLine($"mongorestore --oplogReplay {target} gives the state at {reader.Summary.Facts[MongoFacts.Position]}");
        });
        return ExitCodes.Done;
    }
}
