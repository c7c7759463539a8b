using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Traffic;

/// <summary>The record types DrMesh reads and writes. The number is the type's code on the wire (IANA, DNS parameters).</summary>
public enum RecordType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>Another name.</summary>
    Cname = 5,

    /// <summary>Text; DrMesh writes its owner marks with it.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}

/// <summary>The estate's words for record types.</summary>
internal static class RecordTypes
{
    public static RecordType Of(DnsRecordType declared) => declared switch
    {
        DnsRecordType.Aaaa => RecordType.Aaaa,
        DnsRecordType.Cname => RecordType.Cname,
        _ => RecordType.A,
    };
}
