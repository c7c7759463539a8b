using System.Globalization;

namespace DrMesh.Silo.Store;

/// <summary>A store's status for a person.</summary>
internal static class StoreStatusText
{
    public static IEnumerable<string> Lines(StoreStatus status)
    {
        yield return $"control store  {status.Store}";
        yield return $"schema         {Schema(status)}";
        if (status.SizeBytes is { } size)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"size           {size / 1048576.0:0.0} MiB");
        }

        foreach (var host in status.Hosts)
        {
            yield return $"host           {host.Host}  {host.Role}{(host.ServerVersion is { } version ? $"  PostgreSQL {version}" : $"  {host.Error}")}";
        }

        foreach (var (table, rows) in status.Rows)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"rows           {table}  {rows}");
        }
    }

    private static string Schema(StoreStatus status) => status.SchemaVersion switch
    {
        null => "unknown: no primary answers",
        0 => $"none; run drmesh store init for version {status.NeededVersion}",
        { } version when version < status.NeededVersion => $"version {version}; run drmesh store init for version {status.NeededVersion}",
        { } version when version > status.NeededVersion => $"version {version}, newer than this program, which knows {status.NeededVersion}",
        { } version => $"version {version}, current",
    };
}
