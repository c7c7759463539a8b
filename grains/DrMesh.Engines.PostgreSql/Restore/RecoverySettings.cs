using System.Globalization;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Restores.PostgreSql;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>The settings that make a restored directory recover to a target. Source: the manual's "Recovery Target" and "Archive Recovery".</summary>
internal static class RecoverySettings
{
    /// <summary>Every setting the backup may carry that would lead the restored server elsewhere; null: the line goes.</summary>
    private static readonly Dictionary<string, string?> Neutral = new()
    {
        // The server refuses two of these, even if one is empty: only the one that counts may stand in the file.
        ["recovery_target"] = null,
        ["recovery_target_name"] = null,
        ["recovery_target_time"] = null,
        ["recovery_target_xid"] = null,
        ["recovery_target_lsn"] = null,
        ["recovery_target_inclusive"] = "on",
        ["recovery_target_timeline"] = "latest",
        ["recovery_target_action"] = "promote",
        ["recovery_end_command"] = "",
        ["archive_cleanup_command"] = "",
        ["primary_conninfo"] = "",
        ["primary_slot_name"] = "",
        // A commit must not wait for standbys of the original.
        ["synchronous_standby_names"] = "",
    };

    /// <summary>No recovery: what a server that has recovered keeps.</summary>
    public static IReadOnlyDictionary<string, string?> Cleared { get; } = new Dictionary<string, string?>(Neutral) { ["restore_command"] = "" };

    /// <summary>The settings for a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="restoreCommand">How the server fetches WAL.</param>
    public static IReadOnlyDictionary<string, string?> For(PostgresRestoreRequest request, string restoreCommand)
    {
        var settings = new Dictionary<string, string?>(Neutral) { ["restore_command"] = restoreCommand };
        var target = request.Target;
        if (target.Timeline is { } timeline)
        {
            settings["recovery_target_timeline"] = timeline.ToString();
        }

        if (TargetSetting(target) is var (name, value))
        {
            settings[name] = value;
            settings["recovery_target_inclusive"] = target.Inclusive ? "on" : "off";
            settings["recovery_target_action"] = target.Action.ToString().ToLowerInvariant();
        }

        if (request.StaysStandby)
        {
            settings["recovery_target_timeline"] = "latest";
            settings["hot_standby"] = "on";
        }

        if (!request.KeepsArchiving)
        {
            settings["archive_mode"] = "off";
        }

        if (request.Port is { } port)
        {
            settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (key, own) in request.Settings)
        {
            settings[key] = own;
        }

        return settings;
    }

    private static (string Name, string Value)? TargetSetting(RecoveryTarget target) => target.Kind switch
    {
        RecoveryTargetKind.Latest => null,
        RecoveryTargetKind.Immediate => ("recovery_target", "immediate"),
        RecoveryTargetKind.Time => ("recovery_target_time", target.Time!.Value.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff+00", CultureInfo.InvariantCulture)),
        RecoveryTargetKind.Position => ("recovery_target_lsn", target.Position!.Value.ToString()),
        RecoveryTargetKind.Name => ("recovery_target_name", target.Name!),
        RecoveryTargetKind.Transaction => ("recovery_target_xid", target.Transaction!.Value.ToString(CultureInfo.InvariantCulture)),
        _ => throw new InvalidOperationException($"recovery target kind {target.Kind} has no setting"),
    };
}
