using DrMesh.Lab.Chaos;

namespace DrMesh.Benchmarks.Failover;

/// <summary>
/// The primary's region cut off, again and again, in the lab's network namespaces, where regions have a line that can be cut; the lab's own writers and checker. What the control store lost with
/// the region makes the difference: nothing, the standby its commits wait for, or its leader.
/// </summary>
internal static class PartitionRounds
{
    /// <summary>What the disaster is called when the control store lost nothing that it waits for.</summary>
    public const string Partitioned = "region partitioned";

    /// <summary>When it lost the standby its commits wait for.</summary>
    public const string WithStandby = $"{Partitioned} with the store's standby";

    /// <summary>When it lost its leader.</summary>
    public const string WithLeader = $"{Partitioned} with the store's leader";

    // Longer than the control store needs for another leader.
    private const int CutSeconds = 20;

    /// <summary>Runs so many; null: this process is not root, and nothing was measured.</summary>
    public static async Task<ChaosReport?> RunAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        var report = await LabChaos.RunAsync(Partitioned, string.Join(',', Enumerable.Repeat($"cut-primary:{CutSeconds}", runs)), progress, cancellationToken);
        foreach (var fault in report?.Faults ?? [])
        {
            progress($"{CaseOf(fault)}: {fault.WriteGapSeconds:0.00} s");
        }

        return report;
    }

    /// <summary>What the disaster is called, by what the control store lost with the region.</summary>
    public static string CaseOf(StruckFault fault) =>
        fault.StoreLeader == fault.Region ? WithLeader : fault.StoreStandby == fault.Region ? WithStandby : Partitioned;
}
