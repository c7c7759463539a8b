namespace DrMesh.Contracts.Estate;

/// <summary>How a consistent point is taken.</summary>
public enum ConsistencyMode
{
    /// <summary><c>marker</c>: one id is written through each system within a measured window.</summary>
    Marker,

    /// <summary><c>fence</c>: writes are held for a measured, limited time.</summary>
    Fence,
}
