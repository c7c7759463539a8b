using DrMesh.Contracts.Errors;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace DrMesh.Client.Connecting;

/// <summary>Turns what the runtime throws when no silo takes a call into the one error a program can act on, and what it does not know into one it does.</summary>
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
        catch (UnavailableExceptionFallbackException foreign)
        {
            // Its type is one of the silo's libraries that this program does not have; name and message came over.
            throw new DrMeshException(
                DrMeshError.Unexpected,
                $"{context.InterfaceName}.{context.MethodName} failed: {foreign.ExceptionType}: {foreign.Message}",
                "the log of the silo that served the call has the whole of it",
                foreign);
        }
    }
}
