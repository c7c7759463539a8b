using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>What is found of a cluster and contradicts the estate, or would stand in the way of a failover. One sentence each, with the next step.</summary>
public static class ClusterFindings
{
    /// <summary>The findings, the gravest first; empty: none.</summary>
    public static ImmutableArray<string> Of(EstateDocument estate, PostgreSqlCluster cluster, ClusterRecord? record, IReadOnlyCollection<MemberView> members)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(members);
        var findings = ImmutableArray.CreateBuilder<string>();
        var leaders = members.Where(member => member.Status is { Role: MemberRole.Primary, IsFenced: false }).Select(member => member.Name).ToArray();
        if (leaders.Length > 1)
        {
            findings.Add($"{string.Join(" and ", leaders)} both serve as primary; the mesh fences the one that does not lead by the control store");
        }

        if (record is null)
        {
            findings.Add(leaders.Length == 0
                ? $"no member of {cluster.Name} serves as primary, so the mesh cannot take it on; start its primary"
                : $"the mesh has not taken {cluster.Name} on yet; it does once the agent of every member has answered");
        }

        if (members.Select(member => member.Status?.SystemId ?? 0).Where(id => id != 0).Distinct().Count() > 1)
        {
            findings.Add("the members are not copies of one cluster: their system identifiers differ; correct the estate's addresses");
        }

        foreach (var member in members)
        {
            Look(member, cluster, estate, record, findings);
        }

        if (record is { Session: null, Candidate: { } candidate })
        {
            findings.Add($"the promotion of {candidate} was ordered and never confirmed, so {candidate} and {record.Primary} may both have served; drmesh failover settles who leads");
        }
        else if (record is { Session: null } && record.OpenSets.Length > 1)
        {
            findings.Add($"a change of whom commits wait for is open: {string.Join("; ", record.OpenSets)}; it closes once {record.Primary} confirms it");
        }
        else if (record is { Session: null, OpenSets: [{ Needed: 0 }] } && (record.Durability ?? cluster.Durability).Mode == DurabilityMode.Quorum)
        {
            findings.Add($"commits wait for nobody although {cluster.Name} is declared quorum: what {record.Primary} acknowledges may be lost with it; they wait again once enough standbys outside its region stream");
        }

        return findings.ToImmutable();
    }

    private static void Look(MemberView member, PostgreSqlCluster cluster, EstateDocument estate, ClusterRecord? record, ImmutableArray<string>.Builder findings)
    {
        if (member.Problem is { } problem)
        {
            findings.Add($"the agent of {member.Name} does not answer: {problem}; start the silo of {member.Node}");
            return;
        }

        if (member.Status?.HostProblem is { } meddling)
        {
            findings.Add($"{member.Name}: {meddling}; until then its agent refuses most orders");
        }

        switch (member.Status)
        {
            case null:
                break;
            case { Role: not MemberRole.Primary } when SiteStrategy.Keeps(SiteStrategy.Of(estate, cluster), cluster, record, member.Name):
                break;
            case { Role: MemberRole.Stopped, IsFenced: true }:
                findings.Add($"{member.Name} is fenced and stopped; it rejoins by itself, or see drmesh cluster show {cluster.Name}");
                break;
            case { Role: MemberRole.Stopped }:
                findings.Add($"{member.Name} is stopped; start it");
                break;
            case { Role: MemberRole.Unresponsive }:
                findings.Add($"{member.Name} runs and does not answer its agent; look at its log");
                break;
            case { WalLevel: "minimal" }:
                findings.Add($"{member.Name} has wal_level = minimal; nobody can follow it: set it to replica and restart");
                break;
            case { Role: MemberRole.Standby } standby when record is not null && member.Name != record.Primary:
                FollowsSomebodyElse(member.Name, standby, cluster, estate, record, findings);
                break;
            default:
                break;
        }

        if (member.Status is { CanRewind: false })
        {
            findings.Add($"{member.Name} has neither data checksums nor wal_log_hints, so it can only be re-seeded after a failover; set wal_log_hints = on and restart");
        }
    }

    private static void FollowsSomebodyElse(
        string name, MemberStatus standby, PostgreSqlCluster cluster, EstateDocument estate, ClusterRecord record, ImmutableArray<string>.Builder findings)
    {
        var primary = cluster.Members.First(member => member.Name == record.Primary);
        var expected = estate.HostAndPort(primary.Node, primary.Port);
        if (standby.Upstream is null)
        {
            findings.Add($"{name} follows nobody; the mesh lets it follow {record.Primary}");
        }
        else if (standby.Upstream != expected)
        {
            findings.Add($"{name} follows {standby.Upstream}, the estate's primary {record.Primary} is {expected}; correct the estate, or let it follow {record.Primary}");
        }
    }
}
