using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>What a forced reconfiguration asks a person.</summary>
public static class SetLoss
{
    /// <summary>The newest operation known of a set: what its members know that a majority had, what its archive was told of, and what that holds; null: none.</summary>
    public static OpTime? Newest(OpTime? committed, ArchiveStatus archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        OpTime[] known = [.. archive.Tiers.Select(tier => tier.Position).Append(archive.Received).Select(text => OpTime.TryParse(text, out var position) ? position : default).Append(committed ?? default)];
        return known.Max() is var newest && newest == default ? null : newest;
    }

    /// <summary>The question.</summary>
    /// <param name="move">The set.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="lastSeen">The newest operation ever seen of the set, or archived of it; null: none.</param>
    public static string Question(SetMove move, SetChoice choice, OpTime? lastSeen)
    {
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(choice);
        var lost = string.Join(", ", choice.Lost.Select(move.NameOf));
        var behind = lastSeen is { } last && last > choice.Position
            ? $", at least {Math.Max(1L, (long)last.Seconds - choice.Position.Seconds)} s of them: {last} was seen"
            : "";
        return $"{move.Cluster} has lost its majority ({choice.Reason}): {string.Join(", ", choice.Survivors.Select(move.NameOf))} would be forced into a set of their own, led by {move.NameOf(choice.Candidate!)}"
            + $" at {choice.Position} ({choice.Position.Time:u}); writes a majority acknowledged after that are lost{behind}; approve only when {lost} are down or stopped: while they reach each other they could go on taking writes";
    }
}
