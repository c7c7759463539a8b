using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>What every authoritative server shall answer for a name and type.</summary>
public sealed record ExpectedAnswer
{
    /// <summary>The zone, whose servers are asked.</summary>
    public required DnsName Zone { get; init; }

    /// <summary>The name.</summary>
    public required DnsName Name { get; init; }

    /// <summary>The type.</summary>
    public required RecordType Type { get; init; }

    /// <summary>
    /// The values, in any order. A server whose provider chooses between sets (weights, latency) may answer with any of them; one that does not
    /// must answer with all: see <see cref="Exactly"/>.
    /// </summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Whether the answer must hold all the values; false: at least one, and none besides.</summary>
    public bool Exactly { get; init; } = true;
}
