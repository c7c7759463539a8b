using System.Globalization;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>
/// The content of <c>backup_label</c>, which <c>pg_backup_stop</c> returns and recovery starts from. It goes into the backup byte for byte; DrMesh reads only these fields.
/// </summary>
/// <param name="StartLsn">Where replay must begin (the checkpoint's redo position).</param>
/// <param name="CheckpointLsn">Where the checkpoint's record is.</param>
/// <param name="Timeline">The timeline the backup began on.</param>
/// <param name="FromStandby">Whether it was taken from a standby.</param>
public sealed record BackupLabel(Lsn StartLsn, Lsn CheckpointLsn, TimelineId Timeline, bool FromStandby)
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "backup_label";

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">A field recovery needs is missing.</exception>
    public static BackupLabel Parse(string content)
    {
        var fields = content.Split('\n')
            .Select(line => line.Split(": ", 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        var start = Field(fields, "START WAL LOCATION").Split(' ')[0];
        return new BackupLabel(
            Lsn.Parse(start),
            Lsn.Parse(Field(fields, "CHECKPOINT LOCATION")),
            new TimelineId(uint.Parse(Field(fields, "START TIMELINE"), CultureInfo.InvariantCulture)),
            Field(fields, "BACKUP FROM") == "standby");
    }

    private static string Field(Dictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name) ?? throw new FormatException($"the backup label has no line '{name}'");
}
