using System.CommandLine;
using DrMesh.CommandLine;
using DrMesh.Console.Commands;
using DrMesh.Console.Commands.Audit;
using DrMesh.Console.Commands.Backups;
using DrMesh.Console.Commands.Clusters;
using DrMesh.Console.Commands.Doctor;
using DrMesh.Console.Commands.Estate;
using DrMesh.Console.Commands.Init;
using DrMesh.Console.Commands.Recovery;
using DrMesh.Console.Commands.Repository;
using DrMesh.Console.Commands.Restores;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Console.Commands.Status;
using DrMesh.Console.Commands.Traffic;
using DrMesh.Console.Commands.Wal;
using DrMesh.Console.Output;

namespace DrMesh.Console;

/// <summary>The <c>drmesh</c> command: its tree, and what happens around each command.</summary>
internal static class ConsoleProgram
{
    /// <summary>How long an interrupted command may take to say goodbye to the mesh: a busy silo answers late, and the exit code is still the command's own.</summary>
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(15);

    /// <summary>Runs one command line to its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, TimeProvider? time = null)
    {
        if (SiloProgram.Serves(args))
        {
            return SiloProgram.TakeOver(args, terminal);
        }

        var root = CreateRoot(terminal, time ?? TimeProvider.System);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var fault = UsageFault.Of(parsed);
            return ErrorOutput.WriteUsage(terminal.Error, fault.Message, fault.Hint);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = LeaveLimit,
        });
    }

    /// <summary>The tree of all commands.</summary>
    public static RootCommand CreateRoot(Terminal terminal, TimeProvider time)
    {
        var runner = new CommandRunner(terminal, time);
        var root = new RootCommand(
            """
            DrMesh: backup and disaster recovery across regions.
            Exit codes: 0 done, 1 failed, 2 usage, 3 needs approval, 4 unreachable.
            Of the source tree's launcher: ./drmesh demo shows it all on this machine, ./drmesh lab looks after what the demo left running,
            ./drmesh test runs the tests, ./drmesh bench measures.
            """)
        {
            ArchiveCommand.Create(runner),
            AuditCommand.Create(runner),
            BackupCommand.Create(runner),
            CatalogueCommand.Create(runner),
            ClusterCommand.Create(runner),
            CompletionCommand.Create(runner),
            DoctorCommand.Create(runner),
            EstateCommand.Create(runner),
            InitCommand.Create(runner),
            PitrCommand.Create(runner),
            RestoreCommand.Create(runner),
            RepoCommand.Create(runner),
            SessionsCommand.Create(runner),
            StatusCommand.Create(runner),
            TrafficCommand.Create(runner),
            WalCommand.Create(runner),
        };
        foreach (var command in RecoveryCommand.Create(runner).Concat(SiloProgram.Commands))
        {
            root.Add(command);
        }

        root.Add(GlobalOptions.Output);
        root.Add(GlobalOptions.Verbose);
        root.Add(GlobalOptions.Gateways);
        root.Add(GlobalOptions.Store);
        return root;
    }
}
