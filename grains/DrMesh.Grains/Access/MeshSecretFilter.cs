using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Access;

/// <summary>Proves to other silos that a call comes from this one.</summary>
internal sealed class MeshSecretFilter(AccessOptions options) : IOutgoingGrainCallFilter
{
    // Asynchronous on purpose: what it sets in the request context ends with the call instead of staying in the caller's flow.
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // A client's observer is no silo and must not learn the secret.
        if (!context.TargetId.IsClient())
        {
            RequestContext.Set(AccessHeaders.MeshSecret, options.MeshSecret);
        }

        await context.Invoke();
    }
}
