using DrMesh.Grains.Audit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Wiring of the audit trail.</summary>
public static class AuditHosting
{
    /// <summary>
    /// Audits every state-changing call this silo serves. Needs <c>AddDrMeshControlStore</c>. Filters run in the order they were added: the access
    /// check is added before this, and the silo gives its own <see cref="ICallerIdentity"/>.
    /// </summary>
    public static ISiloBuilder AddDrMeshAudit(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<ICallerIdentity, UnknownCaller>();
        silo.Services.TryAddSingleton<AuditTrail>();
        return silo.AddIncomingGrainCallFilter<AuditFilter>();
    }

    /// <summary>Audits the state-changing calls that the access check refuses to a known caller. Filters run in the order they were added: this goes before the check.</summary>
    public static ISiloBuilder AddDrMeshRefusalAudit(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<AuditTrail>();
        return silo.AddIncomingGrainCallFilter<RefusedCallFilter>();
    }
}
