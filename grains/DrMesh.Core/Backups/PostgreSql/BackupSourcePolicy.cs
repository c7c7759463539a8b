namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>From where a cluster may be backed up.</summary>
public sealed record BackupSourcePolicy
{
    /// <summary>How far a standby may be behind, bytes of WAL.</summary>
    public long MaxLagBytes { get; init; } = 64 << 20;

    /// <summary>Whether the primary may be used when no standby is fit.</summary>
    public bool AllowPrimary { get; init; } = true;

    /// <summary>Whether a standby is asked at all.</summary>
    public bool PreferStandby { get; init; } = true;
}
