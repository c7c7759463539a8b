using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Errors;

namespace DrMesh.Grains.Traffic;

/// <summary>Reads the applied estate at each call.</summary>
internal sealed class EstateDeclarations(IGrainFactory grains) : ITrafficDeclarations
{
    /// <inheritdoc/>
    public async Task<(ServiceDefinition Service, DnsProviderDefinition Provider)> FindAsync(ServiceId service, CancellationToken cancellationToken)
    {
        var estate = (await grains.GetGrain<IEstateGrain>(IEstateGrain.Key).Current(cancellationToken)).Estate;
        var declared = estate.Services.FirstOrDefault(one => one.Name == service.Value)
            ?? throw new DrMeshException(
                DrMeshError.TrafficServiceUnknown,
                $"the estate has no service {service}",
                NearestName.Hint(service.Value, [.. estate.Services.Select(one => one.Name)]));
        var provider = estate.DnsProviders.FirstOrDefault(one => one.Name == declared.Provider)
            ?? throw new DrMeshException(
                DrMeshError.DnsProviderUnusable,
                $"service {service} names DNS provider {declared.Provider}, which the estate does not have",
                "declare it under dnsProviders and apply the estate");
        return (declared, provider);
    }
}
