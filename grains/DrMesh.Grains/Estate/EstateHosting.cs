using DrMesh.Grains.Estate;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Wiring of the estate.</summary>
public static class EstateHosting
{
    /// <summary>Adds what the estate grain needs; needs <c>AddDrMeshControlStore</c> and <c>AddDrMeshAudit</c>.</summary>
    public static ISiloBuilder AddDrMeshEstate(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<EstateStore>();
        return silo;
    }
}
