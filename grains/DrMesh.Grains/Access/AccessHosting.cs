using DrMesh.Grains.Access;
using DrMesh.Grains.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Wiring of access control.</summary>
public static class AccessHosting
{
    /// <summary>Checks every call that reaches this silo's grains. All silos of a mesh are given the same secret.</summary>
    public static ISiloBuilder AddDrMeshAccess(this ISiloBuilder silo, AccessOptions options)
    {
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<ICallerIdentity, CallerIdentity>();
        silo.AddOutgoingGrainCallFilter<MeshSecretFilter>();
        silo.AddIncomingGrainCallFilter<AccessFilter>();
        return silo;
    }
}
