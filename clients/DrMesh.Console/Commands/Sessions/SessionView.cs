using DrMesh.Console.Output;
using DrMesh.Contracts.Sessions;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Sessions;

/// <summary>Draws one session for a person.</summary>
internal static class SessionView
{
    /// <summary>How it stands, step by step.</summary>
    public static IRenderable Draw(SessionSummary session, DateTimeOffset now)
    {
        var parts = new List<IRenderable>
        {
            Plain($"{session.Id}   {session.Title}"),
            Plain($"started by {session.StartedBy} at {Ago.Moment(session.StartedAt)}, took {Ago.Duration((session.EndedAt ?? now) - session.StartedAt)}"),
            SessionTable.State(session.Status),
        };
        if (session.Outcome is { } outcome)
        {
            parts.Add(Plain(outcome));
        }

        if (session.Approval is { } approval)
        {
            var given = approval.ApprovedBy.IsEmpty ? "nobody yet" : string.Join(", ", approval.ApprovedBy);
            parts.Add(Warning($"{approval.Question} ({approval.ApproversNeeded} needed; approved by {given})"));
            parts.Add(Warning($"drmesh sessions approve {session.Id}"));
        }

        parts.Add(Text.Empty);
        parts.Add(Steps(session, now));
        return new Rows(parts);
    }

    /// <summary>The same, with the evidence of each step, the rules that moved it, and its plan.</summary>
    public static IRenderable Draw(SessionExplanation explanation, DateTimeOffset now)
    {
        var parts = new List<IRenderable> { Draw(explanation.Summary, now), Text.Empty };
        var transitions = Create("AT", "RULE", "FROM", "TO", "WHY");
        foreach (var transition in explanation.Transitions)
        {
            transitions.Row(Plain(Ago.Moment(transition.At)), Plain(transition.Rule), Plain(transition.From), Plain(transition.To), Plain(transition.Reason));
        }

        parts.Add(transitions);
        foreach (var step in explanation.Summary.Steps.Where(step => !step.Evidence.IsEmpty))
        {
            parts.Add(Text.Empty);
            parts.Add(Plain($"evidence of {Name(step)}"));
            parts.AddRange(step.Evidence.Select(fact => Plain($"  {fact.Key}: {fact.Value}")));
        }

        parts.Add(Text.Empty);
        parts.Add(Plain("plan"));
        parts.Add(Plain(explanation.Plan));
        return new Rows(parts);
    }

    /// <summary>One event as a line of a log.</summary>
    public static string Line(SessionEvent happened) => $"{Ago.Moment(happened.At)}  {happened.Text}";

    private static Table Steps(SessionSummary session, DateTimeOffset now)
    {
        var table = Create("PHASE", "STEP", "STATE", "TOOK", "TRIES", "NOTE");
        foreach (var step in session.Steps)
        {
            var took = step.StartedAt is { } started ? Ago.Duration((step.EndedAt ?? now) - started) : null;
            table.Row(
                Plain(step.Phase),
                Plain(Name(step)),
                State(step.Status),
                Plain(took),
                Plain(step.Attempts.ToString()),
                step.Reason is { } reason ? Bad(reason) : Plain(step.Progress));
        }

        return table;
    }

    private static string Name(StepSummary step) => step.Target.Length == 0 ? step.Step : $"{step.Step} {step.Target}";

    private static Text State(StepStatus status) => status switch
    {
        StepStatus.Done => Good("done"),
        StepStatus.Pending => Plain("pending"),
        StepStatus.Intended => Warning("running"),
        StepStatus.Skipped => Plain("skipped"),
        StepStatus.Unknown => Bad("unknown"),
        _ => Bad("failed"),
    };
}
