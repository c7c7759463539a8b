using System.CommandLine;
using System.Security.Cryptography;
using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Sessions;

/// <summary>What every command that begins a session shares: the id, the refusal, and following it to its end.</summary>
internal static class NewSession
{
    /// <summary><c>--detach</c>.</summary>
    public static Option<bool> DetachOption() => new("--detach") { Description = "Print the session's id and return; follow it with drmesh sessions watch" };

    /// <summary>A new id. The caller chooses it, so that a call repeated after a lost answer begins nothing twice.</summary>
    public static SessionId Id(CommandContext context, string kind) =>
        SessionId.Create(kind, context.Time.GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>Throws when nothing was begun; else prints the id and follows the session, unless asked to detach.</summary>
    public static async Task<int> FollowAsync(
        CommandContext context, MeshConnection mesh, StartResult started, bool detach, CancellationToken cancellationToken)
    {
        if (started.Outcome == StartOutcome.Refused)
        {
            throw new DrMeshException(started.Error ?? DrMeshError.SessionConflict, started.Reason ?? "nothing was begun", started.Hint ?? "drmesh sessions list");
        }

        var id = started.Session ?? throw new InvalidOperationException("a session that began has an id");
        if (detach)
        {
            context.Show(started, console => context.Terminal.Output.WriteLine(id));
            return ExitCodes.Done;
        }

        return await SessionWatch.FollowAsync(context, mesh.Grains.GetSession(id), id, cancellationToken);
    }
}
