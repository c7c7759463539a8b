using DrMesh.Contracts.Sessions;

namespace DrMesh.Lab.Load;

/// <summary>How long a session was in each of its phases.</summary>
internal static class SessionPhases
{
    /// <summary>By the phase's name, as <c>phase Fencing</c>.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Of(SessionExplanation session) => session.Transitions
        .Zip(session.Transitions.Skip(1))
        .GroupBy(pair => pair.First.To, pair => pair.Second.At - pair.First.At)
        .ToDictionary(phase => $"phase {phase.Key}", phase => TimeSpan.FromTicks(phase.Sum(part => part.Ticks)));
}
