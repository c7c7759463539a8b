namespace DrMesh.Core.Sessions;

/// <summary>A named condition over a session's stored facts. Its time is the state's own (<see cref="SessionState{TPlan}.UpdatedAt"/>).</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
/// <param name="Name">As it stands in the dumped table: <c>IsOldPrimaryFenced</c>.</param>
/// <param name="Holds">The condition.</param>
public sealed record Guard<TPlan>(string Name, Func<SessionState<TPlan>, bool> Holds)
    where TPlan : class
{
    /// <summary>Both hold.</summary>
    public static Guard<TPlan> operator &(Guard<TPlan> left, Guard<TPlan> right) =>
        new($"{left.Name} & {right.Name}", state => left.Holds(state) && right.Holds(state));

    /// <summary>It does not hold.</summary>
    public static Guard<TPlan> operator !(Guard<TPlan> guard) => new($"!{guard.Name}", state => !guard.Holds(state));
}
