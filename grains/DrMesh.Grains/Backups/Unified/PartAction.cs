namespace DrMesh.Grains.Backups.Unified;

/// <summary>What an order does to a part of a unified backup.</summary>
internal enum PartAction
{
    /// <summary>Copies a replica set, or a file tree as the base of the snapshot to come.</summary>
    Copy = 0,

    /// <summary>Writes the marker into a file tree.</summary>
    Mark = 1,

    /// <summary>Reads a file tree again, for what changed since it was copied.</summary>
    Snapshot = 2,

    /// <summary>Archives a replica set's oplog from its copy to the point.</summary>
    Archive = 3,
}
