using DrMesh.Contracts.Errors;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Storage;

namespace DrMesh.Grains.Errors;

/// <summary>
/// Sees to it that a caller learns what went wrong, and not that the answer could not be encoded: an exception that every caller need not know, for example
/// one of the database driver or one caused by it, leaves this silo as one that they do. The whole of it stays in this silo's log.
/// </summary>
internal sealed partial class WireFaultFilter(Serializer serializer, ILogger<WireFaultFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception fault) when (!HasWireForm(fault))
        {
            throw Replace(fault, context);
        }

        // A stream's fault is the result of the call that asks for its next element.
        if (context.Result is (EnumerationResult.Error, Exception broken) && !HasWireForm(broken))
        {
            context.Result = (EnumerationResult.Error, (object)Replace(broken, context));
        }
    }

    // Anything but these is a library's own, which a caller may not have.
    private static bool IsKnownEverywhere(Exception fault)
    {
        var space = fault.GetType().Namespace ?? "";
        return (space is "System" or "Microsoft" or "Orleans" or "DrMesh" || space.StartsWith("System.", StringComparison.Ordinal)
                || space.StartsWith("Microsoft.", StringComparison.Ordinal) || space.StartsWith("Orleans.", StringComparison.Ordinal)
                || space.StartsWith("DrMesh.", StringComparison.Ordinal))
            && (fault is AggregateException several ? several.InnerExceptions.All(IsKnownEverywhere) : fault.InnerException is null || IsKnownEverywhere(fault.InnerException));
    }

    private bool HasWireForm(Exception fault)
    {
        try
        {
            return IsKnownEverywhere(fault) && serializer.SerializeToArray(fault).Length > 0;
        }
        catch (Exception)
        {
            // Whatever the serializer has against it, it would have again when the answer is sent.
            return false;
        }
    }

    private Exception Replace(Exception fault, IIncomingGrainCallContext context)
    {
        var call = context.Request is IRequest ? $"{context.InterfaceMethod.DeclaringType?.Name}.{context.MethodName}" : "a timer";
        LogReplaced(fault, call);
        return fault switch
        {
            RegionUnavailableException gone => new RegionUnavailableException(gone.Region),
            NodeUnavailableException gone => new NodeUnavailableException(gone.Node),
            DrMeshException known => new DrMeshException(known.Code, known.Message, known.Hint),
            // The runtime drops an activation whose state was overtaken, and knows it by this type.
            InconsistentStateException overtaken => new InconsistentStateException(overtaken.Message, overtaken.StoredEtag, overtaken.CurrentEtag),
            _ => new DrMeshException(
                DrMeshError.Unexpected, $"{call} failed: {fault.GetType().Name}: {fault.Message}", "the log of the silo that served the call has the whole of it"),
        };
    }

    [LoggerMessage(LogLevel.Warning, "{Call} failed with an exception that not every caller knows; it is given one with the same message")]
    private partial void LogReplaced(Exception fault, string call);
}
