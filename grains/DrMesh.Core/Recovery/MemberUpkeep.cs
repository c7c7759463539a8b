using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>Which members do not follow their cluster's primary and must be brought back.</summary>
public static class MemberUpkeep
{
    /// <summary>Why a member must rejoin; null: it follows, or is to be left alone: it leads, or may lead, or a person shut it down, or nobody knows.</summary>
    /// <param name="record">The cluster's record.</param>
    /// <param name="primary">The primary as the estate declares it, with the address it is reached at.</param>
    /// <param name="primaryHost">That address.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="status">What its agent says.</param>
    /// <param name="isKept">Whether it is the other site's and kept as its strategy wants it: <see cref="SiteStrategy.Keeps"/>. One that leads beside the primary is brought back in any case.</param>
    public static string? RejoinReason(ClusterRecord record, PostgreSqlMember primary, string primaryHost, string member, MemberStatus status, bool isKept = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(primary);
        ArgumentNullException.ThrowIfNull(status);
        return record.Session is not null || record.Candidate is not null || member == record.Primary ? null : status switch
        {
            { Role: MemberRole.Primary } => $"it serves as a primary beside {record.Primary}",
            _ when isKept => null,
            { Role: MemberRole.Stopped, IsFenced: true } => "it was fenced",
            { Role: MemberRole.Stopped, IsShutDown: false } => "it crashed",
            { Role: MemberRole.Standby, Upstream: null } => "it follows nobody",
            { Role: MemberRole.Standby, Upstream: { } upstream } when upstream != $"{primaryHost}:{primary.Port}" => $"it follows {upstream}, not {record.Primary}",
            _ => null,
        };
    }
}
