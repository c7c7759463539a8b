using System.Collections.Immutable;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;

namespace DrMesh.Grains.Agents;

/// <summary>The agents of one machine's database servers; keyed <c>region/node</c>; of the mesh only. What may last longer than a call is ordered as node work.</summary>
[Alias("drmesh.node-agent"), LeastRole(AccessRole.Admin)]
internal interface INodeAgentGrain : IGrainWithStringKey
{
    /// <summary>How a member's server stands.</summary>
    [Alias("Status"), ResponseTimeout("00:00:05")]
    Task<MemberStatus> Status(ClusterId cluster, string member);

    /// <summary>How many members' servers stand. Who does not tell at once is left out: one server that hangs must not hide the others.</summary>
    [Alias("Statuses"), ResponseTimeout("00:00:05")]
    Task<ImmutableArray<MemberReport>> Statuses(ImmutableArray<MemberKey> members);

    /// <summary>Has a member's agent carry an order out.</summary>
    [Alias("Obey")]
    Task<AgentReply> Obey(ClusterId cluster, string member, AgentOrder order);
}
