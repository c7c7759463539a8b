using System.Net;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>
/// All records of one name and type (and, with routing, one set identifier). Values are in their usual text form: addresses, a CNAME's
/// target without the final dot, a TXT's text without quotes. Two sets with the same values in another order are equal.
/// </summary>
public sealed record RecordSet
{
    /// <summary>The full name.</summary>
    public required DnsName Name { get; init; }

    /// <summary>The type.</summary>
    public required RecordType Type { get; init; }

    /// <summary>How long resolvers may keep the answer; whole seconds.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>The values; at least one.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>How the provider chooses this set.</summary>
    public Routing Routing { get; init; } = Routing.Simple;

    /// <summary>The provider's health check of this set; null: none.</summary>
    public string? HealthCheckId { get; init; }

    /// <summary>Who wrote it; null: it carries no mark of DrMesh.</summary>
    public OwnerMark? Owner { get; init; }

    /// <summary>Whether both sets make a DNS server answer the same, whoever wrote them.</summary>
    public bool AnswersLike(RecordSet? other) => other is not null && this with { Owner = null } == other with { Owner = null };

    /// <summary>Whether the set holds exactly these values.</summary>
    public bool HasValues(IEnumerable<string> values) =>
        values.Select(value => Normalize(Type, value)).Distinct().Order(StringComparer.Ordinal).SequenceEqual(Sorted().Distinct());

    /// <summary>The text form under which values of one type are compared.</summary>
    public static string Normalize(RecordType type, string value) => type switch
    {
        RecordType.A or RecordType.Aaaa => IPAddress.TryParse(value, out var address) ? address.ToString() : value,
        RecordType.Cname => DnsName.TryParse(value, out var name) ? name.Value : value,
        _ => value,
    };

    /// <summary>Whether <paramref name="value"/> can stand in a record of <paramref name="type"/>.</summary>
    public static bool IsValue(RecordType type, string value) => type switch
    {
        RecordType.A => IPAddress.TryParse(value, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && value.Count(character => character == '.') == 3,
        RecordType.Aaaa => IPAddress.TryParse(value, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        RecordType.Cname => DnsName.TryParse(value, out _),
        _ => value.Length is > 0 and <= 255,
    };

    /// <inheritdoc/>
    public bool Equals(RecordSet? other) =>
        other is not null && Name == other.Name && Type == other.Type && Ttl == other.Ttl && Routing == other.Routing
        && HealthCheckId == other.HealthCheckId && Owner == other.Owner && Sorted().SequenceEqual(other.Sorted());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Ttl, Routing, Values.Count);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name} {Type.ToString().ToUpperInvariant()}{Routing} {string.Join(", ", Sorted())} (TTL {Ttl.TotalSeconds:0} s)";

    private IEnumerable<string> Sorted() => Values.Select(value => Normalize(Type, value)).Order(StringComparer.Ordinal);
}
