using System.CommandLine;
using System.Globalization;
using DrMesh.Console.Commands.Sessions;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Restores;

/// <summary>What <c>drmesh restore</c> and <c>drmesh pitr plan|run --app</c> share: what is asked of an application's restore.</summary>
internal sealed class ApplicationRestore
{
    /// <summary><c>--part</c>.</summary>
    public Option<string[]> Parts { get; } = new("--part")
    {
        Description = "A part of the application and where it goes, may be repeated: CLUSTER=NODE:DIRECTORY:PORT (PostgreSQL), TREE=NODE:DIRECTORY, SET=OTHER-SET (MongoDB)",
    };

    /// <summary><c>--before-xid</c>.</summary>
    public Option<string?> Before { get; } = new("--before-xid")
    {
        Description = "To just before this transaction, CLUSTER:XID; its cluster stops exactly there, other databases by the clock, file trees stay at the backup's point",
    };

    /// <summary><c>--backup</c>.</summary>
    public Option<string?> Backup { get; } = new("--backup") { Description = "The backup to begin with; else the newest that leads to the target" };

    /// <summary><c>--strategy</c>.</summary>
    public Option<RestoreStrategy> Strategy { get; } = new("--strategy")
    {
        Description = "Parallel, Sequential or OptimisedParallel (one part a machine at a time); else the planner's choice",
    };

    /// <summary><c>--overwrite</c>.</summary>
    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Drop collections of the backup's names, and files it does not know, where a part goes" };

    /// <summary><c>--with-state</c>.</summary>
    public Option<bool> State { get; } = new("--with-state") { Description = "Hand the application its own captured state back in the end" };

    /// <summary>The request.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>: no part is named, or two targets are.</exception>
    public StartUnifiedRestore Request(CommandContext context, string application, DateTimeOffset? until, string? reason)
    {
        var arguments = context.Arguments;
        var before = arguments.GetValue(Before);
        if (before is not null && until is not null)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, "both --to and --before-xid are given", "give one of them");
        }

        return new StartUnifiedRestore
        {
            Application = application,
            Backup = arguments.GetValue(Backup) is { } id ? new BackupId(id) : null,
            Until = until,
            Before = before is null ? null : Transaction(before),
            Parts = arguments.GetValue(Parts) is { Length: > 0 } parts
                ? [.. parts.Select(PartArgument.Parse)]
                : throw new DrMeshException(DrMeshError.UsageInvalid, "no --part is given", $"name each part and where it goes: --part orders=REGION/NODE:/directory:PORT; drmesh backup list --app {application} shows the parts"),
            Strategy = arguments.GetValue(Strategy),
            Overwrites = arguments.GetValue(Overwrite),
            WithState = arguments.GetValue(State),
            Reason = reason,
        };
    }

    /// <summary>Shows the plan of a request.</summary>
    public static async Task<int> PlanAsync(CommandContext context, StartUnifiedRestore request, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        var plan = await mesh.Grains.GetGrain<IApplicationRestorePlannerGrain>(request.Application).Plan(request, cancellationToken);
        context.Show(plan, console => console.Write(ApplicationRestoreView.Draw(plan)));
        return plan.IsPossible ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Shows the plan and asks, unless told not to; then begins the restore and follows it.</summary>
    public static async Task<int> RunAsync(CommandContext context, StartUnifiedRestore request, bool asks, bool detach, CancellationToken cancellationToken)
    {
        await using var mesh = await context.ConnectAsync(cancellationToken);
        if (asks)
        {
            var plan = await mesh.Grains.GetGrain<IApplicationRestorePlannerGrain>(request.Application).Plan(request, cancellationToken);
            context.Terminal.Console.Write(ApplicationRestoreView.Draw(plan));
            if (plan.IsPossible && !context.Confirm($"Restore {request.Application} {plan.Target}?"))
            {
                throw new DrMeshException(DrMeshError.ApprovalRequired, "nothing was restored", "repeat with --yes");
            }
        }

        var session = NewSession.Id(context, SessionKinds.UnifiedRestore);
        var started = await mesh.Grains.GetGrain<IUnifiedRestoreSessionGrain>(session.Value).Start(request, cancellationToken);
        return await NewSession.FollowAsync(context, mesh, started, detach, cancellationToken);
    }

    private static TransactionTarget Transaction(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ulong.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            ? new TransactionTarget { Cluster = new ClusterId(text[..colon]), Transaction = transaction }
            : throw new DrMeshException(DrMeshError.UsageInvalid, $"--before-xid {text} is not CLUSTER:XID", "write for example --before-xid orders:734; select pg_current_xact_id() tells a transaction its own");
    }
}
