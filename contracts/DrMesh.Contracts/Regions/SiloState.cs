namespace DrMesh.Contracts.Regions;

/// <summary>A silo's standing in the cluster.</summary>
public enum SiloState
{
    /// <summary>It starts and serves no calls yet.</summary>
    Joining = 1,

    /// <summary>It is a member and answers.</summary>
    Active = 2,

    /// <summary>It counts as a member but did not answer in time.</summary>
    Silent = 3,

    /// <summary>It hands its grains over and leaves.</summary>
    Leaving = 4,

    /// <summary>It left, or the others declared it dead.</summary>
    Dead = 5,
}
