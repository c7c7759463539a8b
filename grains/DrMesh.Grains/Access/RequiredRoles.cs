using System.Collections.Concurrent;
using System.Reflection;
using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Access;

/// <summary>The least role each method asks for.</summary>
internal static class RequiredRoles
{
    private static readonly ConcurrentDictionary<MethodInfo, AccessRole> Known = new();

    /// <summary>
    /// The role of <see cref="LeastRoleAttribute"/> on the method or its interface. Without one: <see cref="AccessRole.Operator"/> for DrMesh's own
    /// interfaces, <see cref="AccessRole.Admin"/> for the runtime's.
    /// </summary>
    public static AccessRole For(MethodInfo method) => Known.GetOrAdd(method, static known =>
        known.GetCustomAttribute<LeastRoleAttribute>()?.Role
        ?? known.DeclaringType?.GetCustomAttribute<LeastRoleAttribute>()?.Role
        ?? (known.DeclaringType?.Namespace?.StartsWith("DrMesh.", StringComparison.Ordinal) == true ? AccessRole.Operator : AccessRole.Admin));
}
