using System.Collections.Immutable;
using DrMesh.Console.Output;
using DrMesh.Contracts.Estate;
using Spectre.Console;

namespace DrMesh.Console.Commands.Estate;

/// <summary>What applying a file would do: <c>+</c> comes, <c>~</c> changes, <c>-</c> goes, <c>!</c> deserves a second look.</summary>
internal static class PlanView
{
    private static readonly Style Added = new(Color.Green);
    private static readonly Style Changed = new(Color.Yellow);
    private static readonly Style Removed = new(Color.Red);
    private static readonly Style Danger = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>Writes the plan and a line that sums it up.</summary>
    public static void Write(Terminal terminal, string fileName, EstatePlan plan)
    {
        if (plan.Findings.Any(finding => finding.Severity == FindingSeverity.Error))
        {
            return;
        }

        if (plan.Changes.IsEmpty)
        {
            terminal.Output.WriteLine($"nothing to change: {fileName} is what version {plan.BaseVersion} already says");
            return;
        }

        terminal.Output.WriteLine(plan.BaseVersion == 0 ? $"{fileName} would be the first estate:\n" : $"{fileName} against version {plan.BaseVersion}:\n");
        foreach (var change in plan.Changes)
        {
            Write(terminal, change);
        }

        terminal.Output.WriteLine();
        terminal.Output.WriteLine(Summary(plan.Changes));
    }

    /// <summary>The plan in one line: <c>1 to add, 2 to change, 0 to remove; 1 deserves a second look (!)</c>.</summary>
    public static string Summary(ImmutableArray<EstateChange> changes)
    {
        int Of(EstateChangeKind kind) => changes.Count(change => change.Kind == kind);
        var dangers = changes.Count(change => change.Danger is not null);
        var counts = $"{Of(EstateChangeKind.Add)} to add, {Of(EstateChangeKind.Change)} to change, {Of(EstateChangeKind.Remove)} to remove";
        return dangers == 0 ? counts : $"{counts}; {dangers} {(dangers == 1 ? "deserves" : "deserve")} a second look (!)";
    }

    /// <summary>A number with its noun: <c>1 error</c>, <c>2 repositories</c>.</summary>
    public static string Number(int count, string noun) =>
        count == 1 ? $"1 {noun}" : noun.EndsWith('y') ? $"{count} {noun[..^1]}ies" : $"{count} {noun}s";

    private static void Write(Terminal terminal, EstateChange change)
    {
        switch (change.Kind)
        {
            case EstateChangeKind.Add:
                WriteEntry(terminal, "+", change.Path, change.After!, Added);
                break;
            case EstateChangeKind.Remove:
                Line(terminal, $"  - {change.Path}{(IsBlock(change.Before!) ? "" : $": {change.Before}")}", Removed);
                break;
            case EstateChangeKind.Change when IsBlock(change.Before!) || IsBlock(change.After!):
                WriteEntry(terminal, "~", change.Path, change.After!, Changed);
                break;
            default:
                Line(terminal, $"  ~ {change.Path}: {change.Before} → {change.After}", Changed);
                break;
        }

        if (change.Danger is not null)
        {
            Line(terminal, $"      ! {change.Danger}", Danger);
        }
    }

    private static void WriteEntry(Terminal terminal, string sign, string path, string value, Style style)
    {
        if (!IsBlock(value))
        {
            Line(terminal, $"  {sign} {path}: {value}", style);
            return;
        }

        Line(terminal, $"  {sign} {path}:", style);
        foreach (var line in value.TrimEnd('\n').Split('\n'))
        {
            Line(terminal, $"      {line}", style);
        }
    }

    private static bool IsBlock(string value) => value.EndsWith('\n');

    // Not through the console where nobody sits in front of it: it would fold long lines.
    private static void Line(Terminal terminal, string line, Style style)
    {
        if (terminal.IsInteractive)
        {
            terminal.Console.Write(new Text($"{line}\n", style));
        }
        else
        {
            terminal.Output.WriteLine(line);
        }
    }
}
