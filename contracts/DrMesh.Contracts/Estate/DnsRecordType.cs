using System.Text.Json.Serialization;

namespace DrMesh.Contracts.Estate;

/// <summary>The type of a service's records.</summary>
public enum DnsRecordType
{
    /// <summary><c>A</c>: IPv4 addresses.</summary>
    [JsonStringEnumMemberName("A")]
    A,

    /// <summary><c>AAAA</c>: IPv6 addresses.</summary>
    [JsonStringEnumMemberName("AAAA")]
    Aaaa,

    /// <summary><c>CNAME</c>: another name.</summary>
    [JsonStringEnumMemberName("CNAME")]
    Cname,
}
