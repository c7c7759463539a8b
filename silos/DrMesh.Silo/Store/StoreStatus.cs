namespace DrMesh.Silo.Store;

/// <summary>What <c>drmesh store status</c> shows; its JSON form is this record.</summary>
internal sealed record StoreStatus
{
    /// <summary>Hosts and database, without a secret.</summary>
    public required string Store { get; init; }

    /// <summary>The schema's version; 0: there is none; null: no primary answers.</summary>
    public int? SchemaVersion { get; init; }

    /// <summary>The version this program needs.</summary>
    public required int NeededVersion { get; init; }

    /// <summary>Size of the database in bytes; null: no primary answers.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Each host of the connection string.</summary>
    public required IReadOnlyList<StoreHostStatus> Hosts { get; init; }

    /// <summary>Rows in each of the store's tables, counted; empty when there is no schema or no primary.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();
}
