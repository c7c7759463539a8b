using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>Acknowledging sets as text: in a step's evidence, and as PostgreSQL's <c>synchronous_standby_names</c>.</summary>
public static partial class AcknowledgingSetText
{
    /// <summary><c>1:eu,us</c>; several with <c>;</c> between.</summary>
    public static string Write(IEnumerable<AcknowledgingSet> sets) =>
        string.Join(';', sets.Select(set => string.Create(CultureInfo.InvariantCulture, $"{set.Needed}:{string.Join(',', set.Members)}")));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<AcknowledgingSet> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            return AcknowledgingSet.Of(int.Parse(part[..colon], CultureInfo.InvariantCulture), part[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
        })];
    }

    /// <summary>
    /// What <c>synchronous_standby_names</c> says (PostgreSQL manual, "Replication"): <c>ANY k (…)</c> as it is. <c>FIRST k (…)</c> and a bare list also wait for any k of the
    /// list, so they read as such. Null: <c>*</c> or something that is none of these: nobody can tell whom commits wait for.
    /// </summary>
    public static AcknowledgingSet? OfSetting(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (setting.Trim().Length == 0)
        {
            return AcknowledgingSet.Nobody;
        }

        var match = Setting().Match(setting);
        var counted = match.Success;
        var names = (counted ? match.Groups["names"].Value : setting).Split(',', StringSplitOptions.TrimEntries).Select(name => name.Trim('"')).ToArray();
        return names.Any(name => !Name().IsMatch(name))
            ? null
            : AcknowledgingSet.Of(counted ? int.Parse(match.Groups["needed"].Value, CultureInfo.InvariantCulture) : 1, names);
    }

    [GeneratedRegex(@"^\s*(?:(?:ANY|FIRST)\s+)?(?<needed>[0-9]+)\s*\((?<names>[^)]*)\)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Setting();

    [GeneratedRegex("^[A-Za-z0-9_.-]+$")]
    private static partial Regex Name();
}
