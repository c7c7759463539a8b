namespace DrMesh.Contracts.Access;

/// <summary>
/// The least role whose holder may make a call: on a method, or on an interface for all its methods. A method without one on either asks
/// for <see cref="AccessRole.Operator"/>, so that a forgotten attribute never opens a change to a viewer.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class LeastRoleAttribute(AccessRole role) : Attribute
{
    /// <summary>The role.</summary>
    public AccessRole Role { get; } = role;
}
