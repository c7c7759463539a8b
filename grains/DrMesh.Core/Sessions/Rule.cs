using System.Collections.Immutable;

namespace DrMesh.Core.Sessions;

/// <summary>One row of a machine's table. Rows are read top down; the first of the current phase whose guard holds fires, and only while no step runs.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
/// <param name="Id">Stable, never reused; numbers leave gaps for rows to come: <c>DR130</c>.</param>
/// <param name="From">The phase it leaves.</param>
/// <param name="Guard">When it fires.</param>
/// <param name="To">The phase it enters.</param>
/// <param name="Steps">The steps of the phase entered, one after another.</param>
/// <param name="Reason">Why, for the person who reads the session: a clause without a full stop.</param>
public sealed record Rule<TPlan>(string Id, Phase From, Guard<TPlan> Guard, Phase To, ImmutableArray<StepName> Steps, string Reason)
    where TPlan : class;
