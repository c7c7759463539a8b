using System.Reflection;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.Access;

namespace DrMesh.Grains.Audit;

/// <summary>
/// Writes to the audit trail when a known caller asks for a change that is above its role. It runs outside the access check. A caller nobody knows
/// leaves no row: the trail would be anybody's to fill.
/// </summary>
internal sealed class RefusedCallFilter(AuditTrail trail, AccessOptions access) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        // The access check takes the token away when it lets the call through.
        var token = RequestContext.Get(AccessHeaders.Token) as string;
        try
        {
            await context.Invoke();
        }
        catch (DrMeshException refusal) when (refusal.Code == DrMeshError.NotAuthorized && token is not null && context.Request is IRequest)
        {
            if (context.InterfaceMethod.GetCustomAttribute<StateChangingAttribute>() is { } mark)
            {
                var holder = access.Grants.FirstOrDefault(grant => grant.TokenHash == AccessGrant.Hash(token));
                var intent = AuditedCall.Describe(context, mark.Action, holder?.Name ?? "unknown");
                await trail.AppendAsync(intent with { Outcome = AuditOutcome.Refused, Detail = refusal.Message });
            }

            throw;
        }
    }
}
