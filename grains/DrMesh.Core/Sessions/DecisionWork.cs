using System.Collections.Immutable;
using System.Globalization;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>One decision in the making: take the input in, let rules fire, plan what starts next.</summary>
internal sealed class DecisionWork<TPlan>(SessionMachine<TPlan> machine, SessionState<TPlan> before, DateTimeOffset at)
    where TPlan : class
{
    // A chain of phases without steps is short; a longer one is a cycle in the table.
    private const int MostRulesInOneDecision = 64;

    private readonly List<SessionEffect> _effects = [];
    private SessionState<TPlan> _state = before with { UpdatedAt = at };

    private bool IsQuiet => _state.Steps.TrueForAll(step => step.Status != StepStatus.Intended);

    private bool IsStopping => _state.Cancel is not null && machine[_state.Phase].NoReturn is null;

    /// <summary>Takes the input in; returns why it was dropped, or null.</summary>
    public string? Fold(SessionInput input)
    {
        switch (input)
        {
            case SessionInput.Begun:
                Note(SessionEventKind.Started, $"{_state.Title}, begun by {_state.StartedBy}");
                return null;
            case SessionInput.Woken woken:
                FoldWoken(woken);
                return null;
            case SessionInput.TimeReached:
                return null;
            case SessionInput.StepEnded ended:
                return FoldStepEnded(ended);
            case SessionInput.ApprovalGiven given:
                return FoldApproval(given);
            case SessionInput.CancelAsked asked:
                return FoldCancel(asked);
            default:
                return $"{input.GetType().Name} is not known";
        }
    }

    /// <summary>Lets rules fire until none does. Nothing fires while a step runs: what it does must be known before the session leaves its phase.</summary>
    public void Advance()
    {
        for (var fired = 0; IsQuiet && !_state.IsEnded; fired++)
        {
            if (machine.RulesFrom(_state.Phase).FirstOrDefault(rule => rule.Guard.Holds(_state)) is not { } rule)
            {
                return;
            }

            if (fired == MostRulesInOneDecision)
            {
                throw new InvalidOperationException($"the table of {machine.Kind} goes round in circles at {rule.Id}");
            }

            Fire(rule);
        }
    }

    /// <summary>Starts what is next: the targets of the first step that is not through, side by side.</summary>
    public void Schedule()
    {
        if (_state.IsEnded)
        {
            return;
        }

        var waiting = false;
        if (!IsStopping && !On<TPlan>.StepFailed.Holds(_state))
        {
            foreach (var step in NextSteps())
            {
                if (step.NotBefore is { } notBefore && notBefore > at)
                {
                    _effects.Add(new SessionEffect.WakeAt(notBefore));
                    waiting = true;
                }
                else
                {
                    Start(step);
                }
            }
        }

        if (_state.Deadline is { } deadline && deadline > at)
        {
            _effects.Add(new SessionEffect.WakeAt(deadline));
            waiting = true;
        }

        if (IsQuiet && !waiting && _state.Asked is null)
        {
            StopSafely();
        }
    }

    public Decision<TPlan> Finish() => new(_state, [.. _effects]);

    private void FoldWoken(SessionInput.Woken woken)
    {
        Note(SessionEventKind.Resumed, $"goes on at silo {woken.Silo}", ("silo", woken.Silo));
        foreach (var step in _state.Steps.Where(step => step.Status == StepStatus.Intended))
        {
            // The start was lost with its silo. What it did is not known; a session that is stopping leaves that to the undoing steps.
            var lost = step with { InDoubt = true, EndedAt = at, Reason = "the silo that ran it was lost" };
            Replace(step, lost with { Status = IsStopping ? StepStatus.Unknown : StepStatus.Pending });
        }
    }

    private string? FoldStepEnded(SessionInput.StepEnded ended)
    {
        var step = _state.Steps.FindLast(record => record.Step == ended.Key.Step && record.Target == ended.Key.Target);
        if (step is not { Status: StepStatus.Intended } || step.Key != ended.Key)
        {
            return $"outcome of {ended.Key} is stale: the step stands at {step?.Status.ToString() ?? "nothing"}, {step?.Key.ToString() ?? "never started"}";
        }

        var result = ended.Result;
        step = step with { EndedAt = at, Reason = result.Reason, Evidence = result.Evidence };
        if (result.Outcome == StepOutcome.Done)
        {
            Replace(step, step with { Status = StepStatus.Done, InDoubt = false });
            if (result.RaisedEpoch is { } epoch)
            {
                _state = _state with { Epochs = _state.Epochs.SetItem(step.Target, epoch) };
            }

            Note(SessionEventKind.StepDone, $"{step.Label} done{Told(result.Evidence)}", [("step", step.Step.Value), ("target", step.Target), .. Pairs(result.Evidence)]);
            return null;
        }

        FoldStepLost(step with { Failures = step.Failures + 1, InDoubt = step.InDoubt || result.Outcome != StepOutcome.Failed }, result);
        return null;
    }

    private void FoldStepLost(StepRecord step, StepResult result)
    {
        var wait = result.Retryable && !IsStopping && result.Outcome != StepOutcome.Stopped ? machine[step.Step].Retry.WaitAfter(step.Failures) : null;
        var lost = step.InDoubt ? StepStatus.Unknown : StepStatus.Failed;
        Replace(step, step with { Status = wait is null ? lost : StepStatus.Pending, NotBefore = wait is null ? null : at + wait });
        List<(string, string)> data =
        [
            ("step", step.Step.Value), ("target", step.Target), ("outcome", result.Outcome.ToString()), ("reason", result.Reason ?? ""), .. Pairs(result.Evidence),
        ];
        if (wait is not null)
        {
            data.Add(("retryAt", (at + wait.Value).ToString("O", CultureInfo.InvariantCulture)));
        }

        var what = result.Outcome switch { StepOutcome.Unknown => "has an unknown outcome", StepOutcome.Stopped => "was stopped", _ => "failed" };
        Note(SessionEventKind.StepFailed, $"{step.Label} {what}: {result.Reason}{(wait is null ? "" : "; it is tried again")}", [.. data]);
    }

    private string? FoldApproval(SessionInput.ApprovalGiven given)
    {
        if (_state.Asked is not { } asked || asked.Name != given.Approval || asked.ApprovedBy.Contains(given.By))
        {
            return $"approval {given.Approval} by {given.By} is not asked for, or given already";
        }

        asked = asked with { ApprovedBy = asked.ApprovedBy.Add(given.By) };
        _state = _state with { Asked = asked, Approvals = _state.Approvals.SetItem(_state.Approvals.Count - 1, asked) };
        Note(SessionEventKind.ApprovalGiven, $"{given.By} approved {given.Approval}", ("approval", given.Approval), ("by", given.By));
        return null;
    }

    private string? FoldCancel(SessionInput.CancelAsked asked)
    {
        if (_state.Cancel is not null || machine[_state.Phase].NoReturn is not null)
        {
            return "a cancel is under way, or no longer safe";
        }

        _state = _state with { Cancel = new CancelRecord(asked.By, asked.Reason, at), Status = SessionStatus.Cancelling };
        Note(SessionEventKind.CancelAsked, $"{asked.By} asked to cancel: {asked.Reason}", ("by", asked.By), ("reason", asked.Reason));
        foreach (var step in _state.Steps.Where(step => step.Status == StepStatus.Intended))
        {
            _effects.Add(new SessionEffect.StopStep(step.Key));
        }

        return null;
    }

    private void Fire(Rule<TPlan> rule)
    {
        foreach (var step in _state.CurrentSteps.Where(step => step.Status == StepStatus.Pending).ToArray())
        {
            Replace(step, step with { Status = StepStatus.Skipped });
        }

        var to = machine[rule.To];
        var transition = new SessionTransition { At = at, Rule = rule.Id, From = rule.From.Value, To = rule.To.Value, Reason = rule.Reason };
        var left = _state;
        _state = _state with
        {
            Phase = rule.To,
            Visit = _state.Visit + 1,
            Deadline = to.Limit is { } limit ? at + limit : null,
            Asked = null,
            Status = _state.Cancel is null ? SessionStatus.Running : SessionStatus.Cancelling,
            Transitions = _state.Transitions.Add(transition),
        };
        Note(SessionEventKind.PhaseChanged, $"{rule.To}: {rule.Reason}", ("rule", rule.Id), ("from", rule.From.Value), ("to", rule.To.Value));
        foreach (var step in rule.Steps)
        {
            Plan(step);
        }

        if (to.Approval is { } approval)
        {
            Ask(approval);
        }

        if (to.End is { } end)
        {
            End(end, to.Outcome is { } told ? told(left) : Told(rule, left));
        }
    }

    private void Plan(StepName step)
    {
        foreach (var target in machine[step].Targets(_state).ToArray())
        {
            var record = new StepRecord
            {
                Step = step, Target = target, Phase = _state.Phase, Visit = _state.Visit, Attempts = _state.Find(step, target)?.Attempts ?? 0,
            };
            _state = _state with { Steps = _state.Steps.Add(record) };
        }
    }

    private void Ask(ApprovalInfo<TPlan> approval)
    {
        var request = new ApprovalRequest
        {
            Name = approval.Name,
            Question = approval.Question(_state),
            AskedAt = at,
            ApproversNeeded = approval.Approvers(_state),
            ApprovedBy = [],
        };
        _state = _state with { Asked = request, Approvals = _state.Approvals.Add(request), Status = SessionStatus.WaitingForApproval };
        Note(SessionEventKind.ApprovalAsked, request.Question, ("approval", approval.Name));
    }

    private void End(SessionStatus status, string outcome)
    {
        var missed = _state.Steps.Where(step => step.Status is StepStatus.Failed or StepStatus.Unknown && machine[step.Step].IsOptional).ToArray();
        if (status == SessionStatus.Succeeded && missed.Length > 0)
        {
            status = SessionStatus.Degraded;
            outcome = $"{outcome}; without {string.Join(", ", missed.Select(step => $"{step.Label} ({step.Reason})"))}";
        }

        _state = _state with { Status = status, EndedAt = at, Outcome = outcome, Deadline = null, Asked = null };
        Note(SessionEventKind.Ended, $"{status}: {outcome}", ("status", status.ToString()));
    }

    private static string Told(Rule<TPlan> rule, SessionState<TPlan> left)
    {
        var failed = left.Steps.FindLast(step => step.Status is StepStatus.Failed or StepStatus.Unknown);
        var cancelled = left.Cancel is { } cancel ? $", asked by {cancel.By}: {cancel.Reason}" : "";
        return failed is null ? rule.Reason + cancelled : $"{rule.Reason}{cancelled} ({failed.Label}: {failed.Reason})";
    }

    // A table that leaves a session nowhere to go must not leave it hanging: it stops where it stands and says so.
    private void StopSafely()
    {
        var failed = _state.Steps.FindLast(step => step.Status is StepStatus.Failed or StepStatus.Unknown);
        End(SessionStatus.Failed, $"no rule leads on from {_state.Phase}{(failed is null ? "" : $" after {failed.Label}: {failed.Reason}")}");
    }

    private StepRecord[] NextSteps()
    {
        var open = _state.CurrentSteps.FirstOrDefault(step => step.Status is StepStatus.Pending or StepStatus.Intended);
        return open is null ? [] : _state.CurrentSteps.Where(step => step.Step == open.Step && step.Status == StepStatus.Pending).ToArray();
    }

    private void Start(StepRecord step)
    {
        var intended = step with
        {
            Status = StepStatus.Intended,
            Attempts = step.Attempts + 1,
            Epoch = _state.Epochs.GetValueOrDefault(step.Target),
            StartedAt = at,
            EndedAt = null,
            NotBefore = null,
        };
        Replace(step, intended);
        Note(
            SessionEventKind.StepIntended,
            intended.Attempts == 1 ? intended.Label : $"{intended.Label}, attempt {intended.Attempts}",
            ("step", step.Step.Value), ("target", step.Target),
            ("attempt", intended.Attempts.ToString(CultureInfo.InvariantCulture)), ("epoch", intended.Epoch.ToString(CultureInfo.InvariantCulture)));
        _effects.Add(new SessionEffect.RunStep(intended.Key, intended.InDoubt));
    }

    // The last record of a step on a target is the current one; a reference comparison would miss a copy made on the way.
    private void Replace(StepRecord step, StepRecord with)
    {
        var index = _state.Steps.FindLastIndex(record => record.Step == step.Step && record.Target == step.Target && record.Visit == step.Visit);
        _state = _state with { Steps = _state.Steps.SetItem(index, with) };
    }

    private void Note(SessionEventKind kind, string text, params ReadOnlySpan<(string Name, string Value)> data)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in data)
        {
            builder[name] = value;
        }

        var happened = new SessionEvent { Sequence = _state.LastSequence + 1, At = at, Kind = kind, Text = text, Data = builder.ToImmutable() };
        _state = _state with { Events = _state.Events.Add(happened) };
    }

    private static IEnumerable<(string, string)> Pairs(ImmutableSortedDictionary<string, string> evidence) =>
        evidence.Select(fact => (fact.Key, fact.Value));

    private static string Told(ImmutableSortedDictionary<string, string> evidence) =>
        evidence.IsEmpty ? "" : $" ({string.Join(", ", evidence.Select(fact => $"{fact.Key} {fact.Value}"))})";
}
