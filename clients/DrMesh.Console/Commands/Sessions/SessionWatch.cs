using System.Text.Json;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Sessions;

/// <summary>Follows a session to its end, over silos that come and go.</summary>
internal static class SessionWatch
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions OneLine = new(JsonOutput.Options) { WriteIndented = false };

    /// <summary>
    /// Prints each event once: a line a person reads, or one JSON document a line. A silo lost meanwhile is no end: the watch resumes behind
    /// the last event seen. Returns the exit code that stands for how the session ended.
    /// </summary>
    public static async Task<int> FollowAsync(CommandContext context, ISessionGrain session, SessionId id, CancellationToken cancellationToken)
    {
        long seen = 0;
        while (true)
        {
            try
            {
                await foreach (var happened in session.Watch(seen, cancellationToken).WithCancellation(cancellationToken))
                {
                    seen = happened.Sequence;
                    context.Terminal.Output.WriteLine(context.Format == OutputFormat.Json
                        ? JsonSerializer.Serialize(happened, OneLine)
                        : SessionView.Line(happened));
                }

                var summary = await session.Get(cancellationToken);
                if (summary.IsEnded)
                {
                    return ExitCode(summary);
                }
            }
            catch (Exception lost) when (lost is not (DrMeshException { Code: DrMeshError.SessionUnknown } or OperationCanceledException) && seen > 0)
            {
                context.Terminal.Error.WriteLine($"drmesh: lost touch with session {id} ({lost.Message}); it goes on, and so does this watch");
            }

            await Task.Delay(RetryPause, context.Time, cancellationToken);
        }
    }

    private static int ExitCode(SessionSummary summary) => summary.Status switch
    {
        SessionStatus.Succeeded => ExitCodes.Done,
        SessionStatus.WaitingForApproval => ExitCodes.NeedsApproval,
        _ => ExitCodes.Failed,
    };
}
