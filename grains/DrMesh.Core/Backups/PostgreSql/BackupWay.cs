namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>How a server is read.</summary>
public enum BackupWay
{
    /// <summary>On its own machine, from its data directory, in parallel.</summary>
    Beside = 0,

    /// <summary>Over the replication protocol; only a connection is needed.</summary>
    Remote = 1,
}
