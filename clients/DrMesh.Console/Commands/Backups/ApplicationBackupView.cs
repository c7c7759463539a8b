using DrMesh.Console.Output;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Backups;

/// <summary>Draws unified backups for a person.</summary>
internal static class ApplicationBackupView
{
    /// <summary>One a row.</summary>
    public static Table Draw(IEnumerable<UnifiedBackupEntry> backups, DateTimeOffset now)
    {
        var table = Create("BACKUP", "POINT", "MODE", "HELD OR WINDOW", "PARTS", "SIZE", "TIERS", "NOTE");
        foreach (var backup in backups)
        {
            table.Row(
                Plain(backup.Id.Value),
                Plain(Ago.Since(backup.TakenAt, now)),
                Plain(backup.Mode.ToString().ToLowerInvariant()),
                Plain(Length(backup)),
                Plain(string.Join(", ", backup.Parts.Select(part => part.Name))),
                Plain(ByteCount.Of(backup.Parts.Sum(part => part.LogicalBytes))),
                Plain(string.Join(", ", backup.Tiers)),
                backup.Warnings.IsEmpty ? Plain("-") : Warning($"{backup.Warnings.Length} warnings"));
        }

        return table;
    }

    /// <summary>All that is known of one.</summary>
    public static IRenderable Draw(UnifiedBackupEntry backup)
    {
        var parts = new List<IRenderable>
        {
            Plain($"{backup.Id}   {backup.Application}   {backup.Mode.ToString().ToLowerInvariant()} {backup.Point}"),
            Plain($"taken {Ago.Moment(backup.TakenAt)}, {Length(backup)}; files read within {backup.FilesReadWithin.TotalMilliseconds:0} ms"),
            Plain($"{Ago.Moment(backup.StartedAt)} to {Ago.Moment(backup.CompletedAt)} ({Ago.Duration(backup.CompletedAt - backup.StartedAt)}), in {string.Join(", ", backup.Tiers)}"),
        };
        foreach (var part in backup.Parts)
        {
            parts.Add(Plain($"{part.Kind} {part.Name}: backup {part.Backup}, {ByteCount.Of(part.LogicalBytes)}, in {string.Join(", ", part.Repositories)}"));
            parts.AddRange(part.Point.Select(fact => Plain($"    {fact.Key}: {fact.Value}")));
        }

        if (backup.ApplicationState is { } state)
        {
            parts.Add(Plain($"application state: {state.Length} characters"));
        }

        parts.AddRange(backup.Warnings.Select(Warning));
        parts.AddRange(backup.Labels.Select(label => Plain($"label {label.Key}={label.Value}")));
        return new Rows(parts);
    }

    private static string Length(UnifiedBackupEntry backup) => backup.Mode == ConsistencyMode.Fence
        ? $"writes held {backup.Held.TotalMilliseconds:0} ms"
        : $"window {backup.Window.TotalMilliseconds:0} ms";
}
