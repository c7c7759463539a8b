using DrMesh.Console.Output;
using DrMesh.Contracts.Backups;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Backups;

/// <summary>Draws backups for a person.</summary>
internal static class BackupView
{
    /// <summary>One a row.</summary>
    public static Table Draw(IEnumerable<BackupEntry> backups, DateTimeOffset now)
    {
        var table = Create("BACKUP", "COMPLETED", "TOOK", "KIND", "SIZE", "STORED", "TIERS", "NOTE");
        foreach (var backup in backups)
        {
            table.Row(
                Plain(backup.Id.Value),
                Plain(Ago.Since(backup.CompletedAt, now)),
                Plain(Ago.Duration(backup.CompletedAt - backup.StartedAt)),
                Plain(backup.Parent is null ? "full" : "incremental"),
                Plain(ByteCount.Of(backup.LogicalBytes)),
                Plain(ByteCount.Of(backup.StoredBytes)),
                Plain(string.Join(", ", backup.Tiers)),
                backup.Warnings.IsEmpty ? Plain("-") : Warning(backup.Warnings.Length == 1 ? backup.Warnings[0] : $"{backup.Warnings.Length} warnings"));
        }

        return table;
    }

    /// <summary>All that is known of one.</summary>
    public static IRenderable Draw(BackupEntry backup)
    {
        var parts = new List<IRenderable>
        {
            Plain($"{backup.Id}   {backup.Engine} {backup.Source}   {(backup.Parent is { } parent ? $"incremental to {parent}" : "full")}"),
            Plain($"{Ago.Moment(backup.StartedAt)} to {Ago.Moment(backup.CompletedAt)} ({Ago.Duration(backup.CompletedAt - backup.StartedAt)})"),
            Plain($"{backup.FileCount} files, {ByteCount.Of(backup.LogicalBytes)}, of it new and stored {ByteCount.Of(backup.StoredBytes)}"),
            Plain($"in {string.Join(", ", backup.Tiers)}"),
        };
        parts.AddRange(backup.Warnings.Select(Warning));
        parts.AddRange(backup.Labels.Select(label => Plain($"label {label.Key}={label.Value}")));
        parts.AddRange(backup.Facts.Select(fact => Plain($"{fact.Key}: {fact.Value}")));
        return new Rows(parts);
    }

    /// <summary>What a verification found.</summary>
    public static IRenderable Draw(BackupVerification found)
    {
        if (found.IsSound)
        {
            return new Rows(Good($"{found.Objects} objects, {ByteCount.Of(found.DoneBytes)}: all whole"));
        }

        var parts = new List<IRenderable>();
        if (found.Failure is { } failure)
        {
            parts.Add(Bad($"the verification could not be carried through: {failure}"));
        }

        parts.AddRange(found.Damages.Select(Bad));
        return new Rows(parts);
    }
}
