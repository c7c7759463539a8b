using DrMesh.Grains.Errors;
using Orleans.Serialization;

namespace Orleans.Hosting;

/// <summary>Wiring of how faults leave a silo.</summary>
public static class ErrorsHosting
{
    /// <summary>
    /// Gives every fault of a call a form that callers know. Filters run in the order they were added: this one is added first, so that it sees what all others throw.
    /// </summary>
    public static ISiloBuilder AddDrMeshErrors(this ISiloBuilder silo)
    {
        // A grain that fails to activate makes no call that a filter sees: what it threw is written by name and message, whatever its type.
        silo.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedExceptionTypeFilter = static _ => true);
        return silo.AddIncomingGrainCallFilter<WireFaultFilter>();
    }
}
