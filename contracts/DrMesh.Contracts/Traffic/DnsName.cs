using System.Buffers;

namespace DrMesh.Contracts.Traffic;

/// <summary>
/// A domain name (RFC 1035 section 2.3.1, with the leading underscore of RFC 8552): lower case, without the final dot, so that two
/// spellings of one name are equal. Made by <see cref="Parse"/> or <see cref="TryParse"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("drmesh.dns-name")]
public readonly record struct DnsName
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private DnsName(string value) => Value = value;

    /// <summary>The name, for example <c>shop.example.org</c>.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Reads a name; a final dot and capital letters are accepted. The first label may be <c>*</c>.</summary>
    public static bool TryParse(string? text, out DnsName name)
    {
        name = default;
        var value = (text ?? "").Trim().ToLowerInvariant();
        if (value.EndsWith('.'))
        {
            value = value[..^1];
        }

        if (value.Length is 0 or > LongestName)
        {
            return false;
        }

        var labels = value.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (!(IsLabel(labels[i]) || (i == 0 && labels[i] == "*" && labels.Length > 1)))
            {
                return false;
            }
        }

        name = new DnsName(value);
        return true;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"\"{text}\" is not a domain name");

    /// <summary>Whether this name is <paramref name="zone"/> itself or lies under it.</summary>
    public bool IsWithin(DnsName zone) => Value == zone.Value || Value.EndsWith("." + zone.Value, StringComparison.Ordinal);

    /// <summary>The name with one more label in front.</summary>
    public DnsName Prepend(string label) => Parse(label + "." + Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel && label[0] != '-' && label[^1] != '-' && !label.AsSpan().ContainsAnyExcept(Letters);
}
