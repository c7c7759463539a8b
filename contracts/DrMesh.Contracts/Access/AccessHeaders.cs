namespace DrMesh.Contracts.Access;

/// <summary>The keys of the request context under which a call carries who makes it. The caller writes them; only a silo's check makes them mean something.</summary>
public static class AccessHeaders
{
    /// <summary>A client's access token.</summary>
    public const string Token = "drmesh.token";
}
