using System.Collections.Immutable;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;

namespace DrMesh.Core.Sessions;

/// <summary>
/// A kind of session: its phases, its steps and the table that leads from phase to phase. Pure: <see cref="Decide"/> reads the state and the input and nothing else.
/// </summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed class SessionMachine<TPlan>
    where TPlan : class
{
    private readonly Dictionary<Phase, PhaseInfo<TPlan>> _phases;
    private readonly Dictionary<StepName, StepInfo<TPlan>> _steps;
    private readonly ILookup<Phase, Rule<TPlan>> _rules;

    /// <summary>Creates the machine. <see cref="MachineChecks"/> says what is wrong with its table.</summary>
    /// <param name="kind">See <see cref="SessionKinds"/>.</param>
    /// <param name="schemaVersion">Raised with every change that an older program could not read.</param>
    /// <param name="start">The phase a session begins in; the first rule out of it usually is <c>Otherwise</c>.</param>
    /// <param name="phases">Every phase.</param>
    /// <param name="steps">Every step.</param>
    /// <param name="rules">The table, in the order it is read.</param>
    public SessionMachine(
        string kind, int schemaVersion, Phase start, ImmutableArray<PhaseInfo<TPlan>> phases, ImmutableArray<StepInfo<TPlan>> steps,
        ImmutableArray<Rule<TPlan>> rules)
    {
        Kind = kind;
        SchemaVersion = schemaVersion;
        Start = start;
        Phases = phases;
        Steps = steps;
        Rules = rules;
        _phases = phases.ToDictionary(info => info.Phase);
        _steps = steps.ToDictionary(info => info.Name);
        _rules = rules.ToLookup(rule => rule.From);
        OptionalSteps = [.. steps.Where(step => step.IsOptional).Select(step => step.Name.Value)];
    }

    /// <summary>The kind of session.</summary>
    public string Kind { get; }

    /// <summary>The version of the states it writes; it reads this one and older ones.</summary>
    public int SchemaVersion { get; }

    /// <summary>The phase a session begins in.</summary>
    public Phase Start { get; }

    /// <summary>Every phase.</summary>
    public ImmutableArray<PhaseInfo<TPlan>> Phases { get; }

    /// <summary>Every step.</summary>
    public ImmutableArray<StepInfo<TPlan>> Steps { get; }

    /// <summary>The table.</summary>
    public ImmutableArray<Rule<TPlan>> Rules { get; }

    internal ImmutableSortedSet<string> OptionalSteps { get; }

    /// <summary>What the machine says of a step.</summary>
    public StepInfo<TPlan> this[StepName step] => _steps[step];

    internal PhaseInfo<TPlan> this[Phase phase] => _phases[phase];

    /// <summary>The state of a session that is about to begin; hand it <see cref="SessionInput.Begun"/> next.</summary>
    public SessionState<TPlan> Create(SessionId id, string subject, string title, string startedBy, TPlan plan, DateTimeOffset at) => new()
    {
        SchemaVersion = SchemaVersion,
        Id = id,
        Subject = subject,
        Title = title,
        StartedBy = startedBy,
        StartedAt = at,
        UpdatedAt = at,
        Plan = plan,
        Phase = Start,
        OptionalSteps = OptionalSteps,
    };

    /// <summary>
    /// A stored state as this program goes on with it. An older one gets this machine's schema number, so that once it is stored again no older program takes it up; what it does not carry has its default.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.StateUnreadable"/>: a newer program wrote it.</exception>
    public SessionState<TPlan> Adopt(SessionState<TPlan> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored.SchemaVersion > SchemaVersion
            ? throw new DrMeshException(
                DrMeshError.StateUnreadable,
                $"session {stored.Id} was written with schema {stored.SchemaVersion} of {Kind} sessions, this silo reads up to {SchemaVersion}",
                "it is left as it is: upgrade this silo, or let a newer one go on with it")
            : stored with { SchemaVersion = SchemaVersion, OptionalSteps = stored.SchemaVersion == SchemaVersion ? stored.OptionalSteps : stored.OptionalSteps.Union(OptionalSteps) };
    }

    /// <summary>What follows from an input. An ended session, and a late outcome of an earlier start, change nothing.</summary>
    public Decision<TPlan> Decide(SessionState<TPlan> state, SessionInput input)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        if (state.IsEnded)
        {
            return new Decision<TPlan>(state, [], $"the session ended before {input.GetType().Name}");
        }

        var work = new DecisionWork<TPlan>(this, state, input.At);
        if (work.Fold(input) is { } dropped)
        {
            return new Decision<TPlan>(state, [], dropped);
        }

        work.Advance();
        work.Schedule();
        return work.Finish();
    }

    /// <summary>Whether a cancel would be honoured now. When it is, hand over <see cref="SessionInput.CancelAsked"/>.</summary>
    public CancelResult AnswerCancel(SessionState<TPlan> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsEnded)
        {
            return CancelResult.Refused($"the session has ended: {state.Outcome}");
        }

        return this[state.Phase].NoReturn is { } reason
            ? CancelResult.Refused($"in phase {state.Phase} it is not safe to stop: {reason}")
            : CancelResult.Stopping(state.Cancel is null ? $"stopping in phase {state.Phase}" : "it is stopping already");
    }

    /// <summary>Whether an approval would count now. When it is accepted, hand over <see cref="SessionInput.ApprovalGiven"/>.</summary>
    public ApproveResult AnswerApprove(SessionState<TPlan> state, string approval, string by)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Asked is not { } asked || state.IsEnded)
        {
            return ApproveResult.Refused("the session waits for no approval");
        }

        if (asked.Name != approval)
        {
            return ApproveResult.Refused($"the session waits for {asked.Name}, not for {approval}");
        }

        var given = asked.ApprovedBy.Contains(by) ? asked.ApprovedBy.Length : asked.ApprovedBy.Length + 1;
        return ApproveResult.Given(Math.Max(0, asked.ApproversNeeded - given));
    }

    internal IEnumerable<Rule<TPlan>> RulesFrom(Phase phase) => _rules[phase];
}
