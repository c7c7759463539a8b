using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Chaos;
using DrMesh.Lab.Programs;

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
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs so many; null: this process is not root, and nothing was measured.</summary>
    public static async Task<ChaosReport?> RunAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            progress($"{Partitioned}: left out, since network namespaces need root");
            return null;
        }

        var ran = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = LabPrograms.Lab,
                Arguments = ["lab", "chaos", "--faults", string.Join(',', Enumerable.Repeat($"cut-primary:{CutSeconds}", runs)), "--output", "json"],
                OnErrorLine = progress,
            },
            cancellationToken);
        return JsonSerializer.Deserialize<ChaosReport>(ran.EnsureSuccess("./drmesh lab chaos --faults cut-primary:20 --keep shows what is wrong").Output, Json)
            ?? throw new DrMeshException(DrMeshError.ToolFailed, "the lab wrote no report", "run ./drmesh lab chaos by itself");
    }

    /// <summary>What the disaster is called, by what the control store lost with the region.</summary>
    public static string CaseOf(StruckFault fault) =>
        fault.StoreLeader == fault.Region ? WithLeader : fault.StoreStandby == fault.Region ? WithStandby : Partitioned;
}
