namespace DrMesh.Contracts.Backups;

/// <summary>
/// A backup's name in its repository, for example <c>orders-20261124T063837Z-3f9a</c>: 1 to 120 characters of <c>a–z A–Z 0–9 . _ -</c>,
/// beginning with a letter or digit. Chosen by whoever starts the backup, so that a repeated session finds what it already wrote.
/// </summary>
[GenerateSerializer, Immutable, Alias("drmesh.backup-id")]
public readonly record struct BackupId([property: Id(0)] string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
