using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>The steps of a PITR as a person reads them; the restore session runs steps of the same names.</summary>
internal static class PitrSteps
{
    public static ImmutableArray<PitrStep> Forward(RecoveryTarget target, BackupPoint backup, Lsn end, long logBytes, RestoreRates rates) =>
    [
        new() { Name = "CheckTarget", Text = "check that the directory is empty, or a stopped server's that may be overwritten, and that there is space" },
        new()
        {
            Name = "RestoreBase",
            Text = $"restore backup {backup.Id} ({Size(backup.Bytes)}) from tier {backup.Tiers.FirstOrDefault()}",
            Estimate = rates.RestoreTime(backup.Bytes),
        },
        new() { Name = "ConfigureRecovery", Text = $"set the recovery target ({target}), fetch WAL from the repository, archive nothing" },
        new()
        {
            Name = "ReplayLog",
            Text = $"start the server and replay {backup.Start} to {end} ({Size(logBytes)})",
            Estimate = rates.ReplayTime(logBytes),
        },
        new() { Name = "ValidateReached", Text = "compare the position, time and timeline reached with the target" },
        new()
        {
            Name = "FinishRecovery",
            Text = target.Action switch
            {
                RecoveryAction.Promote => "promote: a new timeline begins",
                RecoveryAction.Pause => "leave the server in recovery, open for reading",
                _ => "leave the server stopped",
            },
        },
    ];

    public static ImmutableArray<PitrStep> Back() =>
    [
        new() { Name = "StopRestored", Text = "stop the restored server; the source cluster and the repository were not touched" },
        new() { Name = "DiscardRestored", Text = "remove the restored directory, or keep it for a look" },
    ];

    private static string Size(long bytes) => bytes >= 1 << 30 ? $"{bytes / (double)(1 << 30):0.0} GiB" : $"{bytes / (double)(1 << 20):0.0} MiB";
}
