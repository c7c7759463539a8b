namespace DrMesh.Contracts.Backups.Unified;

/// <summary>What a part of an application is. Numbers are part of the wire: they never change.</summary>
public enum PartKind
{
    /// <summary>A PostgreSQL cluster.</summary>
    PostgreSql = 0,

    /// <summary>A MongoDB replica set.</summary>
    MongoDb = 1,

    /// <summary>A file tree.</summary>
    Files = 2,
}
