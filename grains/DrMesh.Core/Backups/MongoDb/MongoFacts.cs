namespace DrMesh.Core.Backups.MongoDb;

/// <summary>Names of the facts a MongoDB backup records in its manifest (<see cref="BackupSummary.Facts"/>). Positions are written as <see cref="OpTime.ToString"/>.</summary>
public static class MongoFacts
{
    /// <summary><see cref="BackupSummary.Engine"/> of MongoDB backups.</summary>
    public const string Engine = "mongodb";

    /// <summary>The replica set's name.</summary>
    public const string ReplicaSet = "replicaSet";

    /// <summary>The member it was read from.</summary>
    public const string Member = "member";

    /// <summary>The server's version.</summary>
    public const string ServerVersion = "serverVersion";

    /// <summary>Where the oplog of the window begins: at or before the first document was read, and before the oldest transaction open then.</summary>
    public const string OplogStart = "oplogStart";

    /// <summary>The backup's consistent position: data and oplog give exactly the state after this operation, which a majority has.</summary>
    public const string Position = "position";

    /// <summary>Number of collections with data.</summary>
    public const string Collections = "collections";

    /// <summary>Number of documents read.</summary>
    public const string Documents = "documents";
}
