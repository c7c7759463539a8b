using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using Orleans.Serialization.Invocation;

namespace DrMesh.Grains.Access;

/// <summary>
/// Lets a call through when it comes from a silo of this mesh, which proves it with the mesh secret, or from a client whose token's role
/// suffices. Where a message says it comes from proves nothing: its sender writes that.
/// </summary>
internal sealed class AccessFilter : IIncomingGrainCallFilter
{
    // A connecting client asks its gateway for the list of grain types before anything else; there is nothing secret in it.
    private const string OpenToAll = "IClusterManifestSystemTarget";

    // What the runtime sends along with a call: cancellation, and the next elements of a stream that StartEnumeration began.
    private static readonly FrozenSet<string> PartOfACall = ["ICancellationSourcesExtension", nameof(IAsyncEnumerableGrainExtension)];

    private readonly FrozenDictionary<string, AccessGrant> _grants;
    private readonly byte[] _secret;

    public AccessFilter(AccessOptions options)
    {
        _grants = options.Grants.ToFrozenDictionary(grant => grant.TokenHash);
        _secret = Encoding.UTF8.GetBytes(options.MeshSecret);
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        // A timer's tick reaches its own grain the way a call does, but is no request and has no form on the wire: it is of this process.
        if (context.Request is not IRequest)
        {
            return context.Invoke();
        }

        if (IsFromSilo())
        {
            // The secret must not travel on: the grain may call a client's observer.
            RequestContext.Remove(AccessHeaders.MeshSecret);
            return context.Invoke();
        }

        var method = context.InterfaceMethod;
        var target = method.DeclaringType?.Name;
        if (target == OpenToAll)
        {
            return context.Invoke();
        }

        var grant = RequestContext.Get(AccessHeaders.Token) is string token ? _grants.GetValueOrDefault(AccessGrant.Hash(token)) : null;
        if (grant is null)
        {
            throw new DrMeshException(
                DrMeshError.NotAuthenticated,
                RequestContext.Get(AccessHeaders.Token) is null ? "the call carries no access token" : "the access token is not known to this silo",
                "give a token that the silos' configuration lists: DRMESH_TOKEN_FILE, or tokenFile in the client file");
        }

        var needed = target is not null && PartOfACall.Contains(target) ? RoleOfEnumeration(context.Request) : RequiredRoles.For(method);
        if (grant.Role < needed)
        {
            throw new DrMeshException(
                DrMeshError.NotAuthorized,
                $"{grant.Name} has the role {Word(grant.Role)}; {context.InterfaceName}.{context.MethodName} asks for {Word(needed)}",
                $"ask someone with the role {Word(needed)}, or have access.tokens changed in the silos' configuration");
        }

        RequestContext.Remove(AccessHeaders.Token);
        Caller.Set(new Caller(grant.Name, grant.Role));
        return context.Invoke();
    }

    private bool IsFromSilo() =>
        RequestContext.Get(AccessHeaders.MeshSecret) is string secret
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), _secret);

    // A stream's first message carries the real call as its argument.
    private static AccessRole RoleOfEnumeration(IInvokable request)
    {
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is IInvokable call)
            {
                return RequiredRoles.For(call.GetMethod());
            }
        }

        return AccessRole.Viewer;
    }

    private static string Word(AccessRole role) => role.ToString().ToLowerInvariant();
}
