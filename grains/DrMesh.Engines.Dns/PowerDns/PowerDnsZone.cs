using System.Text.Json.Serialization;

namespace DrMesh.Engines.Dns.PowerDns;

/// <summary>A zone as the API gives and takes it; only the fields DrMesh uses. Names end with a dot there.</summary>
internal sealed record PowerDnsZone
{
    [JsonPropertyName("rrsets")]
    public IReadOnlyList<PowerDnsRecordSet> RecordSets { get; init; } = [];
}

internal sealed record PowerDnsRecordSet
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("ttl")]
    public int Ttl { get; init; }

    /// <summary><c>REPLACE</c> or <c>DELETE</c>; only in a change.</summary>
    [JsonPropertyName("changetype")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChangeType { get; init; }

    [JsonPropertyName("records")]
    public IReadOnlyList<PowerDnsRecord> Records { get; init; } = [];

    [JsonPropertyName("comments")]
    public IReadOnlyList<PowerDnsComment> Comments { get; init; } = [];
}

internal sealed record PowerDnsRecord
{
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    /// <summary>A disabled record stands in the zone and is not served.</summary>
    [JsonPropertyName("disabled")]
    public bool Disabled { get; init; }
}

internal sealed record PowerDnsComment
{
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    [JsonPropertyName("account")]
    public string Account { get; init; } = "";
}

internal sealed record PowerDnsError
{
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonPropertyName("errors")]
    public IReadOnlyList<string> Errors { get; init; } = [];
}
