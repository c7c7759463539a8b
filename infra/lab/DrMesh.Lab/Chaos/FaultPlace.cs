namespace DrMesh.Lab.Chaos;

/// <summary>Where a fault strikes; the region is found when it does.</summary>
internal enum FaultPlace
{
    /// <summary>The region whose database is primary.</summary>
    Primary,

    /// <summary>A region whose database is a standby.</summary>
    Standby,

    /// <summary>The region whose member leads the control store.</summary>
    StoreLeader,

    /// <summary>The region whose disk can be filled.</summary>
    SmallDisk,
}
