using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Console.Commands.Wal;

/// <summary><c>drmesh wal prefetch FILE</c>, hidden: what <see cref="WalFetch"/> starts to read ahead, several segments at once. One runs at a time.</summary>
internal static class WalPrefetch
{
    private const int Together = 4;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var after = new Argument<string>("file") { Description = "The segment fetched last" };
        var command = new Command("prefetch", "Read ahead after a segment; started by fetch") { after };
        command.Hidden = true;
        return runner.Run(command, async (context, cancellationToken) =>
        {
            var cluster = WalOptions.ClusterOf(context.Arguments);
            var spool = new WalSpool(cluster);
            using var single = TryLock(spool);
            if (single is null || WalFileName.TryParse(context.Arguments.GetRequiredValue(after), WalSegmentSize.Default) is not WalFileName.Segment last)
            {
                return ExitCodes.Done;
            }

            var wanted = new List<WalFileName.Segment>();
            for (var segment = last.Next; wanted.Count < WalSpool.Depth; segment = segment.Next)
            {
                wanted.Add(segment);
            }

            spool.RemoveAllBut(wanted.Select(segment => segment.ToString()).Append(LockName).ToHashSet());
            await using var repository = await RepositoryHosting.CreateFactory(context.Time).OpenAsync(WalOptions.DescriptionOf(context.Arguments), cancellationToken);
            await Parallel.ForEachAsync(
                wanted.Where(segment => !File.Exists(Path.Combine(spool.Folder, segment.ToString()))),
                new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken },
                async (segment, token) =>
                {
                    // A segment that is not whole may be longer when the server asks for it: it is not fetched ahead.
                    foreach (var tier in repository.Tiers)
                    {
                        if (await repository.OpenLog(cluster, tier).ReadAsync(WalLogNames.Of(segment)!.Value, token) is { IsComplete: true } content)
                        {
                            await WalSpool.WriteAsync(Path.Combine(spool.Folder, segment.ToString()), content.Content.ToArray(), token);
                            return;
                        }
                    }
                });
            return ExitCodes.Done;
        });
    }

    private const string LockName = ".lock";

    private static FileStream? TryLock(WalSpool spool)
    {
        try
        {
            return new FileStream(Path.Combine(spool.Folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
