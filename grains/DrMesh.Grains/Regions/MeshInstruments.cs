using System.Diagnostics.Metrics;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.ControlStore;

namespace DrMesh.Grains.Regions;

/// <summary>The mesh's gauges; their label is the region alone.</summary>
internal sealed class MeshInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "DrMesh.Mesh";

    public MeshInstruments(IMeterFactory meters, RegionWatch watch, ControlStoreMonitor store)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "drmesh_control_store_reachable", () => store.Current.IsReachable ? 1 : 0, description: "1 while the control store answers this silo");
        meter.CreateObservableGauge(
            "drmesh_control_store_roundtrip_seconds",
            () => store.Current.RoundTrip?.TotalSeconds ?? double.NaN,
            description: "How long the control store's last answer took");
        meter.CreateObservableGauge(
            "drmesh_region_reachable",
            () => watch.Sightings.Select(seen => new Measurement<int>(seen.Reachability.IsReachable ? 1 : 0, Label(seen.Region))),
            description: "1 while another region answers this silo");
        meter.CreateObservableGauge(
            "drmesh_region_silos",
            () => watch.Overview().Select(region => new Measurement<int>(region.Silos.Count(silo => silo.State == SiloState.Active), Label(region.Region))),
            description: "Active silos of a region");
    }

    private static KeyValuePair<string, object?> Label(RegionId region) => new("region", region.Value);
}
