using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Cronos;
using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Core.Estate.Values;

/// <summary>A format of text: its check says what is wrong, or null when nothing is.</summary>
/// <param name="TypeName">The short name for tables.</param>
/// <param name="Expectation">What was expected, for the end of an error.</param>
/// <param name="Pattern">A pattern for editors, where one says something.</param>
/// <param name="Check">What is wrong with a text, as a fact with its value; null when nothing is.</param>
internal sealed partial record TextFormat(string TypeName, string Expectation, string? Pattern, Func<string, string?> Check)
{
    private const int LongestLabel = 63;
    private const string NameExpectation = "lower-case letters, digits and \"-\", beginning with a letter, at most 63 characters";

    /// <summary>The answer of a check that has nothing to add to what was expected.</summary>
    public const string SomethingElse = "";

    /// <summary>The pattern of names.</summary>
    public const string NamePattern = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";

    /// <summary>A name of the estate: usable as a DNS label, a slot and a file name.</summary>
    public static readonly TextFormat Name = new("name", NameExpectation, NamePattern, text => IsName().IsMatch(text) ? null : $"\"{text}\" is not a name");

    private static readonly Dictionary<ValueFormat, TextFormat> All = new()
    {
        [ValueFormat.Text] = new("text", "text", null, text => text.Any(char.IsControl) ? "the text has control characters" : null),
        [ValueFormat.DnsName] = new("DNS name", "a full DNS name such as db.shop.example.com", @"^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)+$", CheckDnsName),
        [ValueFormat.Host] = new("host", "a host name or an IP address", null, text => IsHost(text) ? null : SomethingElse),
        [ValueFormat.HostAndPort] = new("host:port", "a host and a port such as 10.1.0.53:53", @":\d+$", text => IsHostAndPort(text) ? null : SomethingElse),
        [ValueFormat.Path] = new("path", "an absolute path such as /var/lib/drmesh", "^/", text => text.StartsWith('/') && !text.Contains('\0') ? null : SomethingElse),
        [ValueFormat.Url] = new("URL", "an address such as https://host:8443/path", "^https?://", CheckUrl),
        [ValueFormat.Cron] = new("cron", "five cron fields (minute hour day month weekday), or six with seconds first", null, CheckCron),
        [ValueFormat.TimeZone] = new("time zone", "a time zone such as UTC or Europe/Berlin", null, text => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _) ? null : $"\"{text}\" is not a time zone this machine knows"),
        [ValueFormat.Glob] = new("pattern", "a pattern relative to the tree such as cache/** or *.tmp", "^[^/]", text => text.StartsWith('/') ? $"\"{text}\" is not relative" : null),
    };

    /// <summary>The format for <paramref name="format"/>.</summary>
    public static TextFormat Of(ValueFormat format) => All[format];

    /// <summary>Parses a cron expression of five fields, or of six with seconds first.</summary>
    /// <exception cref="CronFormatException">It is neither.</exception>
    public static CronExpression ParseCron(string text) =>
        CronExpression.Parse(text, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);

    private static string? CheckDnsName(string text)
    {
        if (text.EndsWith('.'))
        {
            return $"\"{text}\" ends with a dot";
        }

        if (text.Length > 253)
        {
            return $"\"{text[..20]}…\" has {text.Length} characters, a DNS name has at most 253";
        }

        var labels = text.Split('.');
        if (labels.Length < 2 || IPAddress.TryParse(text, out _))
        {
            return $"\"{text}\" is not a full DNS name";
        }

        return labels.FirstOrDefault(label => label.Length > LongestLabel || !IsLabel().IsMatch(label)) switch
        {
            null => null,
            "" => $"\"{text}\" has an empty label",
            { Length: > LongestLabel } longest => $"label \"{longest[..20]}…\" has {longest.Length} characters, a DNS label has at most {LongestLabel}",
            var bad => $"\"{text}\" is not a DNS name: label \"{bad}\" has other characters than letters, digits and inner hyphens",
        };
    }

    private static bool IsHost(string text) =>
        IPAddress.TryParse(text, out _) ? text.Contains('.') || text.Contains(':')
        : text.Length is > 0 and <= 253 && !LooksLikeAddress().IsMatch(text) && text.Split('.').All(label => IsLabel().IsMatch(label) && label.Length <= LongestLabel);

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            && (text[..colon] is ['[', .. var inner, ']'] ? IPAddress.TryParse(inner, out _) : !text[..colon].Contains(':') && IsHost(text[..colon]));
    }

    private static string? CheckUrl(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") ? SomethingElse
        : uri.UserInfo.Length > 0 ? "the address carries a password; secrets belong in files"
        : null;

    private static string? CheckCron(string text)
    {
        try
        {
            ParseCron(text);
            return null;
        }
        catch (CronFormatException problem)
        {
            return $"\"{text}\" is not a cron expression: {Reason(problem.Message)}";
        }
    }

    // The library begins with a sentence that says what the caller knows already.
    private static string Reason(string message)
    {
        const string Known = "The given cron expression has an invalid format.";
        var reason = message.ReplaceLineEndings(" ");
        return (reason.StartsWith(Known, StringComparison.Ordinal) ? reason[Known.Length..] : reason).Trim().TrimEnd('.');
    }

    [GeneratedRegex(NamePattern)]
    private static partial Regex IsName();

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex IsLabel();

    [GeneratedRegex(@"^[0-9.]+\z")]
    private static partial Regex LooksLikeAddress();
}
