using System.CommandLine;

namespace DrMesh.Console.Commands.Wal;

/// <summary><c>drmesh wal push|fetch</c>: what PostgreSQL's archive_command and restore_command call. Works without a mesh.</summary>
internal static class WalCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("wal", "Archive and fetch WAL for PostgreSQL: archive_command and restore_command")
        {
            WalPush.Create(runner),
            WalFetch.Create(runner),
            WalPrefetch.Create(runner),
        };
        command.Add(Recursive(WalOptions.Repository));
        command.Add(Recursive(WalOptions.Key));
        command.Add(Recursive(WalOptions.KeyFile));
        command.Add(Recursive(WalOptions.Cluster));
        return command;
    }

    private static Option Recursive(Option option)
    {
        option.Recursive = true;
        return option;
    }
}
