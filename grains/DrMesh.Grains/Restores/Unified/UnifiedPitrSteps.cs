using System.Collections.Immutable;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Restores.Unified;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>The steps of a unified restore as a person reads them; the session runs steps of the same names.</summary>
internal static class UnifiedPitrSteps
{
    /// <summary>What is done.</summary>
    public static ImmutableArray<PitrStep> Forward(UnifiedRestorePlan plan) =>
    [
        new()
        {
            Name = UnifiedRestoreMachine.CheckPlace.Value,
            Text = plan.Overwrites ? "look at every place; what is in the way will be overwritten" : "look at every place; anything in the way ends the restore before it writes",
        },
        .. plan.Turns.Select((turn, index) => new PitrStep
        {
            Name = UnifiedRestoreMachine.RestorePart.Value, Text = $"{(plan.Turns.Length > 1 ? $"turn {index + 1}: " : "")}{string.Join(", ", turn.Select(target => $"{target} to {Place(plan.Part(target))}"))}",
        }),
        new() { Name = UnifiedRestoreMachine.FindMarker.Value, Text = $"look for the marker of point {plan.Point} in every part" },
        .. plan.RestoreHook is { } hook ? [new PitrStep { Name = UnifiedRestoreMachine.RestoreState.Value, Text = $"hand the application its own state back (hook {hook})" }] : ImmutableArray<PitrStep>.Empty,
    ];

    /// <summary>What is done when a part fails.</summary>
    public static ImmutableArray<PitrStep> Back(UnifiedRestorePlan plan) =>
    [
        .. plan.Parts.Where(part => part.From.Kind == PartKind.PostgreSql).Select(part => new PitrStep
        {
            Name = UnifiedRestoreMachine.StopPart.Value, Text = $"stop the restored server of {part.From.Name} at {Place(part)}",
        }),
        new() { Name = "Keep", Text = "what was written stays for a look; the application itself was not touched" },
    ];

    private static string Place(PartRestore part) => part.To.Set is { } set ? $"replica set {set}" : $"{part.To.Node}:{part.To.Directory}";
}
