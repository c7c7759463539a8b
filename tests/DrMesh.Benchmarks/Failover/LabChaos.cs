using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Chaos;
using DrMesh.Lab.Programs;

namespace DrMesh.Benchmarks.Failover;

/// <summary>Named faults in the lab's network namespaces, with its own writers and checker, as a process of its own.</summary>
internal static class LabChaos
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs them one after another; what was violated is told. Null: this process is not root, and nothing was measured.</summary>
    /// <exception cref="DrMeshException">The lab ended without a report.</exception>
    public static async Task<ChaosReport?> RunAsync(string what, string faults, Action<string> progress, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            progress($"{what}: left out, since network namespaces need root");
            return null;
        }

        var ran = await ToolProcess.RunAsync(
            new ToolCommand { Program = LabPrograms.Lab, Arguments = ["lab", "chaos", "--faults", faults, "--output", "json"], OnErrorLine = progress },
            cancellationToken);
        if (string.IsNullOrWhiteSpace(ran.Output) || JsonSerializer.Deserialize<ChaosReport>(ran.Output, Json) is not { } report)
        {
            throw new DrMeshException(DrMeshError.ToolFailed, "the lab wrote no report", $"./drmesh lab chaos --faults {faults} --keep shows what is wrong");
        }

        foreach (var violation in report.Violations)
        {
            progress($"violated: {violation}");
        }

        return report;
    }
}
