namespace DrMesh.Contracts.Regions;

/// <summary>Whether a region's silos do their work.</summary>
public enum RegionState
{
    /// <summary>All its silos answer and see the control store.</summary>
    Up = 1,

    /// <summary>It answers, but a silo is missing, or a silo does not see the control store.</summary>
    Degraded = 2,

    /// <summary>It has a silo that counts as running, but did not answer in time.</summary>
    Silent = 3,

    /// <summary>It has no running silo.</summary>
    Down = 4,
}
