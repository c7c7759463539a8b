using System.Collections.Concurrent;
using System.Reflection;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Audit;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Audit;

/// <summary>
/// Writes a row before and a row after each call of a method with <see cref="StateChangingAttribute"/>. A call whose intent cannot be written is
/// not made. It runs inside the access check, so the actor is known; what the check itself refuses, the check reports.
/// </summary>
internal sealed partial class AuditFilter(AuditTrail trail, ICallerIdentity caller, ILogger<AuditFilter> logger) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, StateChangingAttribute?> Marks = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        // A timer's tick comes this way too, but is no request and has no interface method.
        var mark = context.Request is IRequest
            ? Marks.GetOrAdd(context.InterfaceMethod, static method => method.GetCustomAttribute<StateChangingAttribute>())
            : null;
        if (mark is null)
        {
            await context.Invoke();
            return;
        }

        var intent = AuditedCall.Describe(context, mark.Action, caller.Actor);
        await trail.AppendAsync(intent);
        try
        {
            await context.Invoke();
        }
        catch (Exception fault)
        {
            await CloseAsync(intent with { Outcome = AuditedCall.IsRefusal(fault) ? AuditOutcome.Refused : AuditOutcome.Failed, Detail = Describe(fault) });
            throw;
        }

        var result = context.Result as IAuditedResult;
        await CloseAsync(intent with
        {
            Outcome = result is { IsRefusal: true } ? AuditOutcome.Refused : AuditOutcome.Done,
            Detail = result?.AuditDetail ?? "",
        });
    }

    private static string Describe(Exception fault) => fault is DrMeshException ? fault.Message : $"{fault.GetType().Name}: {fault.Message}";

    // The call was made and its answer is the caller's, whatever becomes of this row; an intent without an outcome says that it is unknown.
    private async Task CloseAsync(AuditRecord outcome)
    {
        try
        {
            await trail.AppendAsync(outcome);
        }
        catch (DrMeshException unwritten)
        {
            LogOutcomeUnwritten(unwritten, outcome.Operation, outcome.Actor, outcome.Action, outcome.Target, outcome.Outcome, outcome.Detail);
        }
    }

    [LoggerMessage(LogLevel.Error, "The outcome of audited operation {Operation} ({Actor}: {Action} of {Target}) was not written: {Outcome} {Detail}")]
    private partial void LogOutcomeUnwritten(
        Exception fault, Guid operation, string actor, string action, string target, AuditOutcome outcome, string detail);
}
