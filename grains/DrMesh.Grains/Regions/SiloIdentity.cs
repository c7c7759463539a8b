using System.Reflection;
using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Regions;

/// <summary>What this silo's process says of itself.</summary>
/// <param name="Node">The node it stands for.</param>
/// <param name="Role">Its role label.</param>
/// <param name="ClusterId">The Orleans cluster it belongs to.</param>
/// <param name="StartedAt">When it started, by the wall clock.</param>
/// <param name="StartedTimestamp">The same moment on the monotonic clock.</param>
internal sealed record SiloIdentity(NodeId Node, string Role, string ClusterId, DateTimeOffset StartedAt, long StartedTimestamp)
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(SiloIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
