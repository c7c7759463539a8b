using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Audit;

namespace DrMesh.Grains.Audit;

/// <summary>What a grain call says about itself to the audit trail.</summary>
internal static class AuditedCall
{
    /// <summary>The record of the call's intent.</summary>
    public static AuditRecord Describe(IIncomingGrainCallContext context, string action, string actor)
    {
        IAuditedRequest? request = null;
        string? reason = null;
        var parameters = context.InterfaceMethod.GetParameters();
        for (var i = 0; i < Math.Min(parameters.Length, context.Request.GetArgumentCount()); i++)
        {
            var argument = context.Request.GetArgument(i);
            request ??= argument as IAuditedRequest;
            if (argument is string text && string.Equals(parameters[i].Name, "reason", StringComparison.Ordinal))
            {
                reason = text;
            }
        }

        return new AuditRecord
        {
            Operation = Guid.NewGuid(),
            Actor = actor,
            Action = action,
            Target = request?.AuditTarget ?? KeyOf(context.TargetId),
            Reason = request?.AuditReason ?? reason ?? "",
            Outcome = AuditOutcome.Intended,
        };
    }

    /// <summary>Whether a fault says that nothing was done.</summary>
    public static bool IsRefusal(Exception fault) => fault is DrMeshException
    {
        Code: DrMeshError.NotAuthenticated or DrMeshError.NotAuthorized or DrMeshError.UsageInvalid or DrMeshError.EstateInvalid or DrMeshError.EstateConflict
            or DrMeshError.EstateUnknownName or DrMeshError.SessionUnknown or DrMeshError.ApprovalRequired or DrMeshError.SessionConflict,
    };

    private static string KeyOf(GrainId grain) =>
        grain.TryGetIntegerKey(out var number, out _) ? $"{grain.Type}/{number}" : grain.Key.ToString() ?? "";
}
