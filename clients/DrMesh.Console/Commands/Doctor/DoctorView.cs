using DrMesh.Console.Output;
using DrMesh.Core.Setup;
using Spectre.Console;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>The findings for a person: what is wrong first, each with what to type on the line below.</summary>
internal static class DoctorView
{
    /// <summary>Writes them.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="findings">All findings.</param>
    /// <param name="all">Also those that say that all is well.</param>
    public static void Write(Terminal terminal, IReadOnlyCollection<SetupFinding> findings, bool all)
    {
        foreach (var finding in findings.Where(finding => all || finding.Level != FindingLevel.Good).OrderByDescending(finding => finding.Level))
        {
            var (mark, style) = finding.Level switch
            {
                FindingLevel.Problem => ("problem", new Style(Color.Red, decoration: Decoration.Bold)),
                FindingLevel.Advice => ("advice ", new Style(Color.Yellow)),
                _ => ("good   ", new Style(Color.Green)),
            };
            terminal.Console.Write(new Text(mark, style));
            terminal.Console.WriteLine($"  {finding.Subject}: {finding.Message}");
            if (finding.Remedy is { } remedy)
            {
                terminal.Console.WriteLine($"         → {remedy}");
            }
        }

        var problems = findings.Count(finding => finding.Level == FindingLevel.Problem);
        var advice = findings.Count(finding => finding.Level == FindingLevel.Advice);
        terminal.Console.WriteLine($"{findings.Count} things looked at: {Number(problems, "problem")}, {Number(advice, "piece")} of advice");
    }

    private static string Number(int count, string name) => count == 1 ? $"1 {name}" : $"{count} {name}s";
}
