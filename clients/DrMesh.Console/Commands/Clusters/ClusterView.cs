using System.Globalization;
using DrMesh.Console.Output;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Console.Commands.Clusters;

/// <summary>How a cluster is shown to a person.</summary>
internal static class ClusterView
{
    /// <summary>The whole of it: what is wrong first.</summary>
    public static IRenderable Draw(ClusterStatus status)
    {
        List<IRenderable> lines =
        [
            Tables.Plain($"cluster {status.Cluster}   epoch {status.Epoch}   primary {status.Primary ?? "unknown"}{(status.PrimaryRegion is { } region ? $" in {region}" : "")}"),
            Tables.Plain($"durability {Durability(status.Durability)}   commits wait for {(status.Acknowledging.IsEmpty ? "-" : string.Join("; ", status.Acknowledging.Select(set => set.Length == 0 ? "nobody" : set)))}"),
            Loss(status),
        ];
        if (status.Session is { } session)
        {
            lines.Add(Tables.Warning($"session {session} moves it: drmesh sessions watch {session}"));
        }

        lines.AddRange(status.Findings.Select(finding => Tables.Warning(finding)));
        lines.Add(Text.Empty);
        lines.Add(Members(status));
        return new Rows(lines);
    }

    private static string Durability(DurabilityDefinition durability) => durability.Mode == DurabilityMode.Async
        ? "async"
        : $"quorum of {durability.Acknowledgements}, without enough standbys writes {(durability.WhenQuorumLost == QuorumLost.Wait ? "wait" : "go on async")}";

    private static Text Loss(ClusterStatus status) => (status.RpoNow, status.LossNowBytes) switch
    {
        (_, 0) when status.Durability.Mode == DurabilityMode.Quorum => Tables.Good("a failover now loses no acknowledged write"),
        ({ } time, { } bytes) => Tables.Warning(string.Create(CultureInfo.InvariantCulture, $"a failover now may lose {ByteCount.Of(bytes)}, {time.TotalSeconds:0.000} s, and what is written from here on until the primary stops")),
        _ => Tables.Bad("what a failover now would lose is not known"),
    };

    private static Table Members(ClusterStatus status)
    {
        var table = Tables.Create("MEMBER", "NODE", "ROLE", "TIMELINE", "LSN", "LAG", "FOLLOWS", "EPOCH", "SEEN");
        foreach (var member in status.Members)
        {
            var known = member.Status;
            table.Row(
                Tables.Plain(member.Name),
                Tables.Plain(member.Node.ToString()),
                Role(member, status.Primary),
                Tables.Plain(known?.Timeline.ToString()),
                Tables.Plain(known?.Lsn.ToString()),
                Tables.Plain(member.LagBytes is { } lag ? string.Create(CultureInfo.InvariantCulture, $"{ByteCount.Of(lag)}{(member.Lag is { } time ? $", {time.TotalMilliseconds:0} ms" : "")}") : null),
                Tables.Plain(known?.Upstream),
                Tables.Plain(known?.Epoch.ToString(CultureInfo.InvariantCulture)),
                member.Problem is null && member.Age is { } age ? Tables.Plain(string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s ago")) : Tables.Bad(member.Problem ?? "never"));
        }

        return table;
    }

    private static Text Role(MemberView member, string? primary) => member.Status switch
    {
        null => Tables.Warning("unknown"),
        { IsFenced: true } fenced => Tables.Warning($"{fenced.Role.ToString().ToLowerInvariant()}, fenced"),
        { Role: MemberRole.Primary } when member.Name != primary => Tables.Bad("a second primary"),
        { Role: MemberRole.Primary } => Tables.Good("primary"),
        { Role: MemberRole.Standby } => Tables.Plain(member.IsAcknowledging ? "standby, acknowledges" : "standby"),
        var other => Tables.Bad(other.Role.ToString().ToLowerInvariant()),
    };
}
