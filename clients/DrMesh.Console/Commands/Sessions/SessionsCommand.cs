using System.CommandLine;
using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using Spectre.Console;

namespace DrMesh.Console.Commands.Sessions;

/// <summary><c>drmesh sessions list|show|watch|approve|cancel|explain</c>.</summary>
internal static class SessionsCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("sessions", "Backups, restores, failovers, drills: what runs, what waits, what happened")
    {
        List(runner),
        OnOne(runner, "show", "How a session stands, step by step", async (context, session, id, token) =>
        {
            var summary = await session.Get(token);
            context.Show(summary, console => console.Write(SessionView.Draw(summary, context.Time.GetUtcNow())));
            return ExitCodes.Done;
        }),
        OnOne(runner, "watch", "Follow a session to its end; the exit code tells how it ended", SessionWatch.FollowAsync),
        OnOne(runner, "explain", "Who, what, when, why, on which evidence", async (context, session, id, token) =>
        {
            var explanation = await session.Explain(token);
            context.Show(explanation, console => console.Write(SessionView.Draw(explanation, context.Time.GetUtcNow())));
            return ExitCodes.Done;
        }),
        Approve(runner),
        Cancel(runner),
    };

    private static Command List(CommandRunner runner)
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind: backup, restore, recovery, drill, unified" };
        var about = new Option<string?>("--about") { Description = "Only sessions about this application, cluster or file tree" };
        var running = new Option<bool>("--running") { Description = "Only those that have not ended" };
        var limit = new Option<int>("--limit") { Description = "At most so many, the newest first", DefaultValueFactory = _ => 20 };
        return runner.Run(new Command("list", "Sessions, the newest first") { kind, about, running, limit }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var filter = new SessionFilter
            {
                Kind = context.Arguments.GetValue(kind),
                Subject = context.Arguments.GetValue(about),
                UnfinishedOnly = context.Arguments.GetValue(running),
                Limit = context.Arguments.GetValue(limit),
            };
            var sessions = await mesh.Grains.GetGrain<ISessionListGrain>(0).List(filter, token);
            context.Show(sessions, console =>
            {
                if (sessions.IsEmpty)
                {
                    console.WriteLine("no session");
                    return;
                }

                console.Write(Output.SessionTable.Draw(sessions, context.Time.GetUtcNow()));
            });
            return ExitCodes.Done;
        });
    }

    private static Command Approve(CommandRunner runner)
    {
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        return OnOne(runner, "approve", "Give the approval a session waits for", async (context, session, id, token) =>
        {
            var summary = await session.Get(token);
            if (summary.Approval is not { } approval)
            {
                throw new DrMeshException(DrMeshError.SessionConflict, $"session {id} waits for no approval; it is {summary.Status} in {summary.Phase}", $"drmesh sessions show {id}");
            }

            if (!context.Arguments.GetValue(yes) && !context.Confirm(approval.Question))
            {
                throw new DrMeshException(DrMeshError.ApprovalRequired, $"session {id} still waits: {approval.Question}", "repeat with --yes to approve");
            }

            var result = await session.Approve(approval.Name, token);
            if (!result.Accepted)
            {
                throw new DrMeshException(DrMeshError.SessionConflict, $"the approval does not count: {result.Reason}", $"drmesh sessions show {id}");
            }

            context.Show(result, console => console.WriteLine(result.StillNeeded == 0
                ? $"approved; session {id} goes on"
                : $"approved; session {id} waits for {result.StillNeeded} more"));
            return ExitCodes.Done;
        }, yes);
    }

    private static Command Cancel(CommandRunner runner)
    {
        var reason = new Option<string>("--reason") { Description = "Why; kept with the session", Required = true };
        return OnOne(runner, "cancel", "Ask a session to stop; it says when that is no longer safe", async (context, session, id, token) =>
        {
            var result = await session.Cancel(context.Arguments.GetRequiredValue(reason), token);
            if (!result.Accepted)
            {
                throw new DrMeshException(DrMeshError.SessionConflict, $"session {id} goes on: {result.Reason}", $"drmesh sessions watch {id}");
            }

            context.Show(result, console => console.WriteLine($"session {id}: {result.Reason}"));
            return ExitCodes.Done;
        }, reason);
    }

    private static Command OnOne(
        CommandRunner runner,
        string name,
        string description,
        Func<CommandContext, ISessionGrain, SessionId, CancellationToken, Task<int>> action,
        params Option[] options)
    {
        var id = new Argument<string>("session") { Description = "The session's id" };
        var command = new Command(name, description) { id };
        foreach (var option in options)
        {
            command.Add(option);
        }

        return runner.Run(command, async (context, token) =>
        {
            var session = new SessionId(context.Arguments.GetRequiredValue(id));
            await using var mesh = await context.ConnectAsync(token);
            if (!SessionKinds.All.Contains(session.Kind))
            {
                // Its kind leads to a session's grain; no silo has one for this.
                throw await UnknownAsync(mesh, session, token);
            }

            try
            {
                return await action(context, mesh.Grains.GetSession(session), session, token);
            }
            catch (DrMeshException unknown) when (unknown.Code == DrMeshError.SessionUnknown)
            {
                throw await UnknownAsync(mesh, session, token, unknown);
            }
        });
    }

    private static async Task<DrMeshException> UnknownAsync(MeshConnection mesh, SessionId session, CancellationToken cancellationToken, Exception? cause = null)
    {
        var known = await mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter(), cancellationToken);
        return new DrMeshException(
            DrMeshError.SessionUnknown,
            $"there is no session {session}",
            Core.Errors.NearestName.Of(session.Value, known.Select(entry => entry.Id.Value)) is { } near ? $"did you mean {near}?" : "drmesh sessions list shows them",
            cause);
    }
}
