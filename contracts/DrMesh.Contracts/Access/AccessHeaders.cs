namespace DrMesh.Contracts.Access;

/// <summary>The keys of the request context under which a call carries a proof of who makes it. The caller writes them; a silo's check alone makes them mean something.</summary>
public static class AccessHeaders
{
    /// <summary>A client's access token.</summary>
    public const string Token = "drmesh.token";

    /// <summary>The secret that the silos of one mesh share.</summary>
    public const string MeshSecret = "drmesh.mesh";
}
