using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Errors;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Traffic;

/// <summary>Reads the applied estate at each call. Where the silo that holds the estate's grain was just lost, what this silo last read of it counts.</summary>
internal sealed class EstateDeclarations(AppliedEstates estates, EstateCache cache, TimeProvider time) : ITrafficDeclarations
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<(ServiceDefinition Service, DnsProviderDefinition Provider)> FindAsync(ServiceId service, CancellationToken cancellationToken)
    {
        var asked = estates.CurrentAsync(cancellationToken);
        try
        {
            return Find(await asked.WaitAsync(AskLimit, time, cancellationToken), service);
        }
        catch (Exception lost) when (lost is TimeoutException or OrleansException && !cancellationToken.IsCancellationRequested)
        {
            return Find(cache.Known ?? await asked, service);
        }
    }

    /// <summary>A service of an estate, with its provider.</summary>
    /// <exception cref="DrMeshException">The estate has no such service or provider.</exception>
    public static (ServiceDefinition Service, DnsProviderDefinition Provider) Find(EstateDocument estate, ServiceId service)
    {
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
