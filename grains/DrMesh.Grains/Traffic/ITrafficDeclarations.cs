using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Grains.Traffic;

/// <summary>Where the declarations of services come from.</summary>
internal interface ITrafficDeclarations
{
    /// <summary>A service and its provider, as declared now.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.TrafficServiceUnknown"/>.</exception>
    Task<(ServiceDefinition Service, DnsProviderDefinition Provider)> FindAsync(ServiceId service, CancellationToken cancellationToken);
}
