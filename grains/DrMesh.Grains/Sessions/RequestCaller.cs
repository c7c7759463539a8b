using DrMesh.Grains.Access;

namespace DrMesh.Grains.Sessions;

/// <summary>The caller as the silo's access check established it.</summary>
internal sealed class RequestCaller : ISessionCaller
{
    public string Name => Caller.Current?.Name ?? "mesh";
}
