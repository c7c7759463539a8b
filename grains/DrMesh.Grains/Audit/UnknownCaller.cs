namespace DrMesh.Grains.Audit;

/// <summary>The identity where no access check is in place: nobody is known.</summary>
internal sealed class UnknownCaller : ICallerIdentity
{
    public string Actor => "unknown";
}
