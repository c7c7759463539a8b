using System.Globalization;
using DrMesh.Console.Output;
using DrMesh.Contracts.Regions;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Status;

/// <summary>Draws a <see cref="StatusReport"/>: what is wrong first, then regions, silos, sessions.</summary>
internal static class StatusView
{
    /// <summary>The whole screen.</summary>
    public static IRenderable Draw(StatusReport report)
    {
        var parts = new List<IRenderable> { Headline(report), ControlStore(report.Mesh) };
        parts.AddRange(report.Missing.Select(sentence => Warning(sentence)));
        parts.Add(Text.Empty);
        parts.Add(Regions(report.Mesh));
        parts.Add(Text.Empty);
        parts.Add(Silos(report.Mesh));
        if (!report.Clusters.IsEmpty)
        {
            parts.Add(Text.Empty);
            parts.Add(Clusters(report));
        }

        if (!report.Sessions.IsEmpty)
        {
            parts.Add(Text.Empty);
            parts.Add(SessionTable.Draw(report.Sessions, report.Mesh.At));
        }

        return new Rows(parts);
    }

    private static Text Headline(StatusReport report)
    {
        var mesh = report.Mesh;
        var estate = report.EstateVersion switch { null => "estate not known", 0 => "no estate applied", var version => $"estate version {version}" };
        var sessions = report.Sessions.Length switch { 0 => "no session running", 1 => "1 session running", var n => $"{n} sessions running" };
        return Plain($"mesh {mesh.ClusterId}   {Ago.Moment(mesh.At)}   {estate}   {sessions}   answered by {mesh.AnsweredBy}");
    }

    private static Text ControlStore(MeshOverview mesh) => mesh.ControlStore.IsReachable
        ? Good($"control store reachable since {Ago.Since(mesh.ControlStore.Since, mesh.At)}")
        : Bad($"control store unreachable since {Ago.Since(mesh.ControlStore.Since, mesh.At)}: {mesh.ControlStore.Problem}");

    private static Table Regions(MeshOverview mesh)
    {
        var table = Create("REGION", "STATE", "SINCE", "SEES", "PROBLEM");
        foreach (var region in mesh.Regions)
        {
            table.Row(
                Plain(region.Region.Value),
                State(region.State),
                Plain(Ago.Since(region.Since, mesh.At)),
                Sight(region),
                region.Problem is null ? Plain("-") : Bad(region.Problem));
        }

        return table;
    }

    private static Table Silos(MeshOverview mesh)
    {
        var table = Create("SILO", "STATE", "ROLE", "ADDRESS", "UPTIME", "VERSION", "CONTROL STORE");
        foreach (var silo in mesh.Regions.SelectMany(region => region.Silos))
        {
            table.Row(
                Plain(silo.Node.ToString()),
                State(silo.State),
                Plain(silo.Role),
                Plain(silo.Address),
                Plain(silo.Uptime is { } uptime ? Ago.Duration(uptime) : null),
                Plain(silo.Version),
                silo.ControlStore switch
                {
                    null => Plain("-"),
                    { IsReachable: true } => Good("reachable"),
                    var lost => Bad($"unreachable since {Ago.Since(lost.Since, mesh.At)}"),
                });
        }

        return table;
    }

    private static Table Clusters(StatusReport report)
    {
        var down = report.Mesh.Regions.Where(region => region.State == RegionState.Down).Select(region => region.Region).ToHashSet();
        var table = Create("CLUSTER", "ENGINE", "PRIMARY REGION", "PRIMARY", "EPOCH", "LAG", "RPO NOW", "MEMBERS");
        foreach (var cluster in report.Clusters)
        {
            table.Row(
                Plain(cluster.Cluster.Value),
                Plain(cluster.Engine),
                down.Contains(cluster.PrimaryRegion) ? Bad($"{cluster.PrimaryRegion} (down)") : Plain(cluster.PrimaryRegion.Value),
                cluster.Now?.Primary is { } primary ? Plain(cluster.Now.PrimaryRegion is { } region ? $"{primary} in {region}" : primary) : Plain(null),
                Plain(cluster.Now?.Epoch.ToString(CultureInfo.InvariantCulture)),
                Plain(cluster.Now?.Members.Max(member => member.LagBytes) is { } lag ? ByteCount.Of(lag) : null),
                Rpo(cluster),
                Plain(string.Join(", ", cluster.Members)));
        }

        return table;
    }

    // What a failover at this moment would lose.
    private static Text Rpo(ClusterLine cluster) => cluster.Now switch
    {
        null => Plain(null),
        { RpoNow: null } => Bad("not known"),
        { LossNowBytes: 0 } => Good("0 s"),
        { RpoNow: { } rpo } => Warning(string.Create(CultureInfo.InvariantCulture, $"{rpo.TotalSeconds:0.0} s")),
    };

    private static Text Sight(RegionOverview region)
    {
        if (region.Sees.IsEmpty)
        {
            return Plain("-");
        }

        var lost = region.Sees.Where(sighting => !sighting.Reachability.IsReachable).Select(sighting => sighting.Region.Value).ToArray();
        return lost.Length == 0
            ? Good(region.Sees.Length == 1 ? "the other region" : $"all {region.Sees.Length} others")
            : Bad($"not {string.Join(", ", lost)}");
    }

    private static Text State(RegionState state) => state switch
    {
        RegionState.Up => Good("up"),
        RegionState.Degraded => Warning("degraded"),
        RegionState.Silent => Bad("silent"),
        _ => Bad("DOWN"),
    };

    private static Text State(SiloState state) => state switch
    {
        SiloState.Active => Good("active"),
        SiloState.Joining => Warning("joining"),
        SiloState.Leaving => Warning("leaving"),
        SiloState.Silent => Bad("silent"),
        _ => Bad("dead"),
    };
}
