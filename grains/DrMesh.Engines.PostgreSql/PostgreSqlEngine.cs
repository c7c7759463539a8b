namespace DrMesh.Engines.PostgreSql;

/// <summary>The engine's name, as backups carry it.</summary>
public static class PostgreSqlEngine
{
    /// <summary>What <c>BackupDraft.Engine</c> says of backups this engine makes.</summary>
    public const string Name = "postgresql";
}
