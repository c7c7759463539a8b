using DrMesh.Contracts.Errors;
using Orleans.Runtime.Messaging;

namespace DrMesh.Client.Connecting;

/// <summary>Turns what the runtime throws when no silo takes a call into the one error a program can act on.</summary>
internal sealed class FaultFilter(DrMeshClientOptions options) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception lost) when (lost is ConnectionFailedException or SiloUnavailableException or OrleansMessageRejectionException)
        {
            throw new DrMeshException(
                DrMeshError.MeshUnreachable,
                $"{context.InterfaceName}.{context.MethodName} reached no silo of cluster {options.ClusterId}: {lost.Message}",
                "see drmesh status; a call that changes something may have been carried out, so repeat it with the same operation id",
                lost);
        }
    }
}
