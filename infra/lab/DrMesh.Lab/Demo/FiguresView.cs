using System.Globalization;
using DrMesh.Lab.Worlds;
using Spectre.Console;

namespace DrMesh.Lab.Demo;

/// <summary>What the demo shows at its end.</summary>
internal static class FiguresView
{
    /// <summary>The table of figures, with the policy's objectives beside them.</summary>
    public static Table Draw(DemoFigures figures)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "MEASURED", "OBJECTIVE");
        if (figures.Backup is { } backup)
        {
            Row(table, "backup", $"{backup.Seconds:0.0} s, {backup.Bytes / 1048576.0:0.0} MB, {backup.Parts} part(s)", "");
        }

        if (figures.Failover is { } failover)
        {
            Row(table, "region lost: no write for", $"{failover.WriteGapSeconds:0.0} s", $"RTO {EstateText.RtoSeconds} s");
            Row(table, "  detected, promoted, names moved", $"{failover.DetectSeconds:0.0} + {failover.PromoteSeconds:0.0} + {failover.DnsSeconds:0.0} s", "");
            Row(table, "  acknowledged rows lost", $"{failover.LostRows}", $"RPO {EstateText.RpoSeconds} s");
            Row(table, "  rows acknowledged twice", $"{failover.DoubleAckedRows}", "0");
        }

        if (figures.Failback is { } failback)
        {
            Row(table, "failback: no write for", $"{failback.WriteGapSeconds:0.0} s", $"RTO {EstateText.RtoSeconds} s");
            Row(table, "  acknowledged rows lost", $"{failback.LostRows}", $"RPO {EstateText.RpoSeconds} s");
        }

        if (figures.Pitr is { } pitr)
        {
            Row(table, "dropped table recovered in", $"{pitr.Seconds:0.0} s", "");
            Row(table, "  rows found", $"{pitr.RowsFound} of {pitr.RowsExpected}", "all");
        }

        return table;
    }

    /// <summary>How to look at what still runs.</summary>
    public static string Explore(World world) => $"""
        it still runs; look at it with:
          export DRMESH_STATE={world.Folder.Path}
          ./drmesh status
          ./drmesh sessions list
          ./drmesh archive {EstateText.Cluster}
          ./drmesh traffic show {EstateText.Service}
          dig @{world.Names.EndPoint.Address} -p {world.Names.EndPoint.Port} {NameServer.ServiceName}
        and end it with:
          ./drmesh lab down
        """;

    private static void Row(Table table, string what, FormattableString measured, string objective) => table.AddRow(what, measured.ToString(CultureInfo.InvariantCulture), objective);
}
