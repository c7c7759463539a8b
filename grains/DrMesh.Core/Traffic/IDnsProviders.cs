using DrMesh.Contracts.Errors;

namespace DrMesh.Core.Traffic;

/// <summary>The DNS providers of this silo's configuration.</summary>
public interface IDnsProviders
{
    /// <summary>The provider of that name.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsProviderUnknown"/> with the names there are.</exception>
    IDnsProvider Get(string name);
}
