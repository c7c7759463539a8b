using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Console.Commands.Wal;

/// <summary>
/// <c>drmesh wal push %p</c>: success only when every tier has the file, so that PostgreSQL keeps it otherwise and asks again. Pushing the same file twice is success;
/// another content under the same name is an error.
/// </summary>
internal static class WalPush
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path") { Description = "The WAL file (%p)" };
        return runner.Run(new Command("push", "Archive one WAL file into every tier: archive_command = 'drmesh wal push %p'") { path }, async (context, cancellationToken) =>
        {
            var file = context.Arguments.GetRequiredValue(path);
            var content = await File.ReadAllBytesAsync(file, cancellationToken);
            var name = NameOf(Path.GetFileName(file), content.Length);
            if (WalLogNames.Of(name) is not { } place)
            {
                // A backup history file: for people only, recovery does not ask for it.
                return ExitCodes.Done;
            }

            await using var repository = await RepositoryHosting.CreateFactory(context.Time).OpenAsync(WalOptions.DescriptionOf(context.Arguments), cancellationToken);
            var cluster = WalOptions.ClusterOf(context.Arguments);
            await Task.WhenAll(repository.Tiers.Select(tier =>
            {
                var log = repository.OpenLog(cluster, tier);
                return name is WalFileName.Partial ? log.WritePartialAsync(place, content, cancellationToken) : log.WriteAsync(place, content, cancellationToken);
            }));
            return ExitCodes.Done;
        });
    }

    private static WalFileName NameOf(string name, int length) =>
        WalFileName.TryParse(name, SizeOf(length))
        ?? throw new DrMeshException(DrMeshError.UsageInvalid, $"{name} is not the name of a WAL file", "archive_command = 'drmesh wal push %p'");

    /// <summary>A segment's length is its size; the names of other files do not depend on it.</summary>
    private static WalSegmentSize SizeOf(int length) =>
        length >= 1 << 20 && System.Numerics.BitOperations.IsPow2(length) ? new WalSegmentSize(length) : WalSegmentSize.Default;
}
