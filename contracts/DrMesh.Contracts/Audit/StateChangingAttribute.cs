namespace DrMesh.Contracts.Audit;

/// <summary>
/// Marks a grain method that changes state: each call of it is written to the audit trail, its intent before and its outcome after. When the
/// intent cannot be written the call is refused. Target and reason come from an argument that is an <see cref="IAuditedRequest"/>, else the target is the
/// grain's key and the reason a string argument named <c>reason</c>. A result that is an <see cref="IAuditedResult"/> says whether it was refused.
/// </summary>
/// <param name="action">What the trail calls it: domain and verb, for example <c>estate.apply</c>. It never changes.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StateChangingAttribute(string action) : Attribute
{
    /// <summary>What the trail calls it.</summary>
    public string Action { get; } = action;
}
