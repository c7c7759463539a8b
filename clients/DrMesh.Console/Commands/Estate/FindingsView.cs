using DrMesh.Console.Output;
using DrMesh.Contracts.Estate;

namespace DrMesh.Console.Commands.Estate;

/// <summary>Errors and warnings of an estate file, one a line, as compilers print theirs, so that editors can jump to them.</summary>
internal static class FindingsView
{
    /// <summary>Writes the findings to the error stream.</summary>
    public static void Write(Terminal terminal, string fileName, IEnumerable<EstateFinding> findings)
    {
        foreach (var finding in findings)
        {
            terminal.Error.WriteLine(finding.Describe(fileName));
        }
    }

    /// <summary>How many there are: <c>2 errors, 1 warning</c>.</summary>
    public static string Count(IReadOnlyCollection<EstateFinding> findings)
    {
        var errors = findings.Count(finding => finding.Severity == FindingSeverity.Error);
        var warnings = findings.Count - errors;
        return warnings == 0 ? PlanView.Number(errors, "error") : $"{PlanView.Number(errors, "error")}, {PlanView.Number(warnings, "warning")}";
    }

    /// <summary>What an estate holds: <c>3 regions, 4 nodes, 1 cluster</c>.</summary>
    public static string Contents(EstateDocument estate)
    {
        (int Count, string Name)[] parts =
        [
            (estate.Regions.Length, "region"), (estate.Regions.Sum(region => region.Nodes.Length), "node"), (estate.Clusters.Length, "cluster"),
            (estate.FileTrees.Length, "file tree"), (estate.Services.Length, "service"), (estate.Applications.Length, "application"),
            (estate.Repositories.Length, "repository"), (estate.Schedules.Length, "schedule"),
        ];
        return string.Join(", ", parts.Where(part => part.Count > 0).Select(part => PlanView.Number(part.Count, part.Name)));
    }
}
