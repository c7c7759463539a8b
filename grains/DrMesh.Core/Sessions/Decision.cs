using System.Collections.Immutable;

namespace DrMesh.Core.Sessions;

/// <summary>What follows from an input.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
/// <param name="State">The state to store before anything is done; the same object as before when nothing changed.</param>
/// <param name="Effects">What to do once it is stored.</param>
/// <param name="Dropped">Why the input was ignored; null: it was not.</param>
public sealed record Decision<TPlan>(SessionState<TPlan> State, ImmutableArray<SessionEffect> Effects, string? Dropped = null)
    where TPlan : class;
