using System.CommandLine;
using System.Diagnostics;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Console.Commands.Wal;

/// <summary>
/// <c>drmesh wal fetch %f %p</c>. Exit code 1 means the archive does not have the file, which for PostgreSQL is the end of the log; any other trouble gives 200, which makes it stop: taking a
/// network fault for the end of the log would end recovery early.
/// </summary>
internal static class WalFetch
{
    private const int NotThere = 1;

    // Above 125: "the database server aborts recovery" (the manual, restore_command).
    private const int Abort = 200;

    private static readonly Option<bool> Prefetch = new("--prefetch")
    {
        Description = "Whether a process of its own reads ahead, several segments at once, into DRMESH_WAL_SPOOL (default: a directory of this user under /tmp)",
        DefaultValueFactory = _ => true,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("file") { Description = "The file's name (%f)" };
        var target = new Argument<string>("path") { Description = "Where to put it (%p)" };
        return runner.Run(new Command("fetch", "Fetch one WAL file: restore_command = 'drmesh wal fetch %f %p'") { name, target, Prefetch }, async (context, cancellationToken) =>
        {
            try
            {
                return await FetchAsync(context, context.Arguments.GetRequiredValue(name), context.Arguments.GetRequiredValue(target), cancellationToken);
            }
            catch (Exception fault)
            {
                ErrorOutput.Write(context.Terminal.Error, fault, context.Arguments.GetValue(GlobalOptions.Verbose));
                return Abort;
            }
        });
    }

    private static async Task<int> FetchAsync(CommandContext context, string name, string target, CancellationToken cancellationToken)
    {
        var cluster = WalOptions.ClusterOf(context.Arguments);
        var spool = context.Arguments.GetValue(Prefetch) ? new WalSpool(cluster) : null;
        if (spool is null || !spool.TryTake(name, target))
        {
            if (WalFileName.TryParse(name, WalSegmentSize.Default) is not { } file || WalLogNames.Of(file) is not { } place)
            {
                return NotThere;
            }

            await using var repository = await RepositoryHosting.CreateFactory(context.Time).OpenAsync(WalOptions.DescriptionOf(context.Arguments), cancellationToken);
            if (await WalReading.ReadAsync(repository, cluster, place, cancellationToken) is not { } content)
            {
                return NotThere;
            }

            await WalSpool.WriteAsync(target, content, cancellationToken);
        }

        if (WalFileName.TryParse(name, WalSegmentSize.Default) is WalFileName.Segment && spool is { IsLow: true })
        {
            StartPrefetch(name);
        }

        return ExitCodes.Done;
    }

    /// <summary>A process of its own reads ahead while the server replays: this one must end for that.</summary>
    private static void StartPrefetch(string after)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = "/" };
        string[] arguments = ["--fork", Environment.ProcessPath!, "wal", "prefetch", after, .. OwnOptions()];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start);
    }

    /// <summary>The options this process was given; none of them is a secret.</summary>
    private static IEnumerable<string> OwnOptions()
    {
        var arguments = Environment.GetCommandLineArgs();
        for (var index = 1; index < arguments.Length - 1; index++)
        {
            if (arguments[index] is "--repo" or "--key" or "--cluster")
            {
                yield return arguments[index];
                yield return arguments[++index];
            }
            else if (arguments[index] is "--key-file")
            {
                yield return arguments[index];
                yield return Path.GetFullPath(arguments[++index]);
            }
        }
    }
}
