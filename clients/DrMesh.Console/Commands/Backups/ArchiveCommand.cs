using System.CommandLine;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;

namespace DrMesh.Console.Commands.Backups;

/// <summary><c>drmesh archive CLUSTER</c>: where the continuous archive stands.</summary>
internal static class ArchiveCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var cluster = new Argument<string>("cluster") { Description = "The cluster, as the estate names it" };
        return runner.Run(new Command("archive", "Where a cluster's continuous archive stands, tier by tier") { cluster }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var status = await mesh.Grains.GetGrain<IArchiveGrain>(context.Arguments.GetRequiredValue(cluster)).Status(token);
            context.Show(status, console => console.Write(ArchiveView.Draw(status, context.Time.GetUtcNow())));
            return status.IsStreaming && status.Gaps.IsEmpty ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
