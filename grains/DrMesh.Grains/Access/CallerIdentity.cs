using DrMesh.Grains.Audit;

namespace DrMesh.Grains.Access;

/// <summary>The token's holder as the audit trail names it; <c>mesh</c> while the mesh works of its own accord.</summary>
internal sealed class CallerIdentity : ICallerIdentity
{
    public string Actor => Caller.Current?.Name ?? "mesh";
}
