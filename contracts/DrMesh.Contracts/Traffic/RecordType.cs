namespace DrMesh.Contracts.Traffic;

/// <summary>The record types a service's name can have. The number is the type's code on the wire (IANA, DNS parameters).</summary>
[GenerateSerializer, Alias("drmesh.record-type")]
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
