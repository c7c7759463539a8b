using DrMesh.Console.Output;
using DrMesh.Contracts.Backups;
using Spectre.Console;
using Spectre.Console.Rendering;
using static DrMesh.Console.Output.Tables;

namespace DrMesh.Console.Commands.Backups;

/// <summary>Draws the continuous archive of a cluster for a person.</summary>
internal static class ArchiveView
{
    /// <summary>What is wrong first, then tier by tier.</summary>
    public static Rows Draw(ArchiveStatus status, DateTimeOffset now)
    {
        var parts = new List<IRenderable>
        {
            status.IsStreaming
                ? Good($"{status.Cluster} streams{(status.Source is { } source ? $" from {source}" : "")}, written from {status.WrittenFrom}, received to {status.Received}")
                : Bad($"{status.Cluster} is not being archived: {status.Trouble ?? "it has just begun"}"),
        };
        if (status.IsSlotLimitBreached)
        {
            parts.Add(Bad($"the slot's limit is used up ({status.Slot}): the server removes log that is not archived"));
        }

        parts.AddRange(status.Gaps.Select(gap => Bad($"{gap}; drmesh backup create {status.Cluster} heals what follows")));
        var table = Create("TIER", "ARCHIVED TO", "BEHIND", "PROBLEM");
        foreach (var tier in status.Tiers)
        {
            table.Row(Plain(tier.Tier), Plain(tier.Position), Plain(status.IsStreaming && tier.Position == status.Received ? "nothing" : Ago.Duration(now - tier.AsOf)), tier.Failure is null ? Plain("-") : Bad(tier.Failure));
        }

        parts.Add(table);
        return new Rows(parts);
    }
}
