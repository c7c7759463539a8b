using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Traffic;

/// <summary>Makes the providers an estate declares.</summary>
public interface IDnsProviders
{
    /// <summary>The provider of a definition. Nothing is sent; its secret's file is read here.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsProviderUnusable"/> when this silo cannot read the secret or the definition is not usable.</exception>
    IDnsProvider Get(DnsProviderDefinition definition);
}
