using DrMesh.Contracts.Sessions;
using Spectre.Console;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Output;

/// <summary>Sessions, one a row, as <c>status</c> and <c>sessions list</c> show them.</summary>
internal static class SessionTable
{
    /// <summary>Draws the table.</summary>
    public static Table Draw(IEnumerable<SessionEntry> sessions, DateTimeOffset now)
    {
        var table = Create("SESSION", "STATE", "PHASE", "STARTED", "TOOK", "BY", "WHAT");
        foreach (var session in sessions)
        {
            table.Row(
                Plain(session.Id.ToString()),
                State(session.Status),
                Plain(session.Phase),
                Plain(Ago.Since(session.StartedAt, now)),
                Plain(Ago.Duration((session.EndedAt ?? now) - session.StartedAt)),
                Plain(session.StartedBy),
                Plain(session.Outcome is { } outcome ? $"{session.Title}: {outcome}" : session.Title));
        }

        return table;
    }

    /// <summary>A session's state in the colour that says whether a person must act.</summary>
    public static Text State(SessionStatus status) => status switch
    {
        SessionStatus.Succeeded => Good("succeeded"),
        SessionStatus.Running => Plain("running"),
        SessionStatus.WaitingForApproval => Warning("NEEDS APPROVAL"),
        SessionStatus.Cancelling => Warning("cancelling"),
        SessionStatus.Cancelled => Warning("cancelled"),
        SessionStatus.Degraded => Warning("DEGRADED"),
        _ => Bad("FAILED"),
    };
}
