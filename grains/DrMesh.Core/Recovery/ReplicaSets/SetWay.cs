namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>How a replica set's primary moves. Stored by name.</summary>
public enum SetWay
{
    /// <summary>It does not: the set is left as it is, for a reason.</summary>
    Stay = 0,

    /// <summary>A majority is there: priorities are raised, a primary elsewhere steps down, and the set elects by its own rules.</summary>
    HandOver = 1,

    /// <summary>The majority is lost: the survivors are forced into a configuration of their own, once a person has approved it.</summary>
    Force = 2,
}
