using System.Text.Json;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Console.Commands.Sessions;

/// <summary>Follows a session to its end, over silos that come and go.</summary>
internal sealed class SessionWatch(CommandContext context)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInALog = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions OneLine = new(JsonOutput.Options) { WriteIndented = false };
    private long? _lastProgress;
    private int _liveWidth;

    /// <summary>
    /// Prints each event once: a line a person reads, or one JSON document a line. A silo lost meanwhile is no end: the watch resumes behind
    /// the last event seen. Returns the exit code that stands for how the session ended.
    /// </summary>
    public static Task<int> FollowAsync(CommandContext context, ISessionGrain session, SessionId id, CancellationToken cancellationToken) =>
        new SessionWatch(context).FollowAsync(session, id, cancellationToken);

    private async Task<int> FollowAsync(ISessionGrain session, SessionId id, CancellationToken cancellationToken)
    {
        long seen = 0;
        while (true)
        {
            try
            {
                await foreach (var happened in session.Watch(seen, cancellationToken).WithCancellation(cancellationToken))
                {
                    seen = happened.Sequence;
                    Show(happened);
                }

                var summary = await session.Get(cancellationToken);
                if (summary.IsEnded)
                {
                    return ExitCode(summary);
                }
            }
            catch (Exception lost) when (lost is not (DrMeshException { Code: DrMeshError.SessionUnknown } or OperationCanceledException) && seen > 0)
            {
                EndLiveLine();
                context.Terminal.Error.WriteLine($"drmesh: lost touch with session {id} ({lost.Message}); it goes on, and so does this watch");
            }

            await Task.Delay(RetryPause, context.Time, cancellationToken);
        }
    }

    private void Show(SessionEvent happened)
    {
        var output = context.Terminal.Output;
        if (context.Format == OutputFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(happened, OneLine));
        }
        else if (happened.Kind != SessionEventKind.StepProgressed)
        {
            EndLiveLine();
            output.WriteLine(SessionView.Line(happened));
        }
        else if (context.Terminal.IsInteractive)
        {
            // One line that is written over: how far the step is, not a history of it.
            output.Write($"\r{happened.Text.PadRight(_liveWidth)}");
            _liveWidth = happened.Text.Length;
        }
        else if (_lastProgress is not { } last || context.Time.GetElapsedTime(last) >= ProgressInALog)
        {
            _lastProgress = context.Time.GetTimestamp();
            output.WriteLine(SessionView.Line(happened));
        }
    }

    private void EndLiveLine()
    {
        if (_liveWidth > 0)
        {
            context.Terminal.Output.Write($"\r{new string(' ', _liveWidth)}\r");
            _liveWidth = 0;
        }
    }

    private static int ExitCode(SessionSummary summary) => summary.Status switch
    {
        SessionStatus.Succeeded => ExitCodes.Done,
        SessionStatus.WaitingForApproval => ExitCodes.NeedsApproval,
        _ => ExitCodes.Failed,
    };
}
