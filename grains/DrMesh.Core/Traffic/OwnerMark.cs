using System.Globalization;
using DrMesh.Contracts.Traffic;

namespace DrMesh.Core.Traffic;

/// <summary>
/// What DrMesh writes beside a name it manages: which service it belongs to and which switch wrote it. A provider keeps it where it can
/// (a comment of the record set, or a TXT record beside the name). Its text form is <c>drmesh service=shop epoch=7 generation=12</c>.
/// </summary>
/// <param name="Service">The service that owns the name.</param>
/// <param name="Epoch">The epoch of the switch that wrote it.</param>
/// <param name="Generation">The service's running number of that switch.</param>
public sealed record OwnerMark(ServiceId Service, long Epoch, long Generation)
{
    private const string Prefix = "drmesh ";

    /// <summary>Reads the text form; null: the text is not a mark of DrMesh.</summary>
    public static OwnerMark? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var fields = text[Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(pairs => pairs.Key, pairs => pairs.First()[1]);
        return fields.TryGetValue("service", out var service)
            && long.TryParse(fields.GetValueOrDefault("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && long.TryParse(fields.GetValueOrDefault("generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new OwnerMark(new ServiceId(service), epoch, generation)
            : null;
    }

    /// <summary>Whether a later switch of the same service wrote this one.</summary>
    public bool IsNewerThan(OwnerMark other) => (Epoch, Generation).CompareTo((other.Epoch, other.Generation)) > 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}service={Service} epoch={Epoch} generation={Generation}";
}
