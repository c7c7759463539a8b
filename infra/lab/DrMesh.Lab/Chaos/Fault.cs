using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Chaos;

/// <summary>Something that breaks, and how it is mended.</summary>
/// <param name="Name">Its name for <c>--faults</c>.</param>
/// <param name="Place">Where it strikes.</param>
/// <param name="Strike">Breaks it.</param>
/// <param name="Mend">Mends it; also what a strike that failed half-way left.</param>
/// <param name="MayMove">Whether the database may move to another region for it. One that moves although its primary can be reached has failed over without need.</param>
internal sealed record Fault(
    string Name, FaultPlace Place, Func<ChaosStage, WorldRegion, CancellationToken, Task> Strike, Func<ChaosStage, WorldRegion, CancellationToken, Task> Mend, bool MayMove = true);
