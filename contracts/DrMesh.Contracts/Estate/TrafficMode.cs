namespace DrMesh.Contracts.Estate;

/// <summary>How a service's names move.</summary>
public enum TrafficMode
{
    /// <summary><c>records</c>: the record sets are changed and confirmed.</summary>
    Records,

    /// <summary><c>health</c>: records stand beforehand; the provider's health checks ask each region's silo.</summary>
    Health,
}
