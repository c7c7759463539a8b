using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Regions;

/// <summary>What a region's silos add up to.</summary>
/// <param name="State">Whether the region is up.</param>
/// <param name="Problem">Why it is not, in one sentence; null when it is.</param>
public sealed record RegionVerdict(RegionState State, string? Problem)
{
    /// <summary>Judges a region by its silos, each with the state that was observed.</summary>
    public static RegionVerdict Of(IReadOnlyCollection<SiloHealth> silos)
    {
        var active = silos.Where(silo => silo.State == SiloState.Active).ToList();
        var silent = silos.Where(silo => silo.State == SiloState.Silent).ToList();
        if (active.Count == 0)
        {
            return silent.Count > 0
                ? new RegionVerdict(RegionState.Silent, $"{Names(silent)} did not answer")
                : new RegionVerdict(RegionState.Down, "it has no running silo");
        }

        var missing = silos.Where(silo => silo.State != SiloState.Active).ToList();
        if (missing.Count > 0)
        {
            return new RegionVerdict(RegionState.Degraded, $"{Names(missing)} {(missing.Count == 1 ? "is" : "are")} not active");
        }

        var blind = active.Where(silo => silo.ControlStore is { IsReachable: false }).ToList();
        return blind.Count > 0
            ? new RegionVerdict(RegionState.Degraded, $"the control store is unreachable from {Names(blind)} since {blind.Min(silo => silo.ControlStore!.Since):u}")
            : new RegionVerdict(RegionState.Up, null);
    }

    private static string Names(IEnumerable<SiloHealth> silos) => string.Join(", ", silos.Select(silo => silo.Node.ToString()));
}
