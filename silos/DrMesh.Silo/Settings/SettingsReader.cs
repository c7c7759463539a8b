using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Errors;

namespace DrMesh.Silo.Settings;

/// <summary>Takes values out of a configuration, checks each, and keeps every fault, so that all are told at once. What nobody took is unknown.</summary>
internal sealed partial class SettingsReader(string file, SortedDictionary<string, Setting> settings)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    /// <summary>A name of letters, digits and hyphens, as regions and nodes have; empty after a fault.</summary>
    public string Name(string path, string example, string? otherwise = null) =>
        Take(path, $"a name of small letters, digits and hyphens, such as {example}", otherwise, text => NamePattern().IsMatch(text) ? text : null) ?? "";

    /// <summary>Any text; empty after a fault.</summary>
    public string Text(string path, string expected, string? otherwise = null) => Take(path, expected, otherwise, text => text) ?? "";

    /// <summary>A TCP port.</summary>
    public int Port(string path, int? otherwise = null) => Number(path, 1, 65535, otherwise);

    /// <summary>A whole number within limits.</summary>
    public int Number(string path, int least, int most, int? otherwise = null) =>
        Take<int?>(path, $"a number from {least} to {most}", otherwise, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null) ?? 0;

    /// <summary>An IP address.</summary>
    public IPAddress Address(string path, string example, IPAddress? otherwise = null) =>
        Take(path, $"an IP address, such as {example}", otherwise, text => IPAddress.TryParse(text, out var address) ? address : null) ?? IPAddress.None;

    /// <summary>A span of time with its unit: <c>500ms</c>, <c>2s</c>, <c>1m</c>.</summary>
    public TimeSpan Duration(string path, TimeSpan least, TimeSpan most, TimeSpan? otherwise = null) =>
        Take<TimeSpan?>(path, $"a time from {least.TotalSeconds} s to {most.TotalSeconds} s, such as 500ms or 2s", otherwise, text =>
            ParseDuration(text) is { } span && span >= least && span <= most ? span : null) ?? TimeSpan.Zero;

    /// <summary>One of an enum's names.</summary>
    public T Choice<T>(string path, T? otherwise = null)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant());
        return Take<T?>(path, $"one of {string.Join(", ", names)}", otherwise, text =>
            !text.All(char.IsAsciiLetter) || !Enum.TryParse<T>(text, ignoreCase: true, out var value) ? null : value) ?? default;
    }

    /// <summary>How many elements the list at <paramref name="path"/> has.</summary>
    public int Count(string path)
    {
        var count = 0;
        while (settings.Keys.Any(key => key.StartsWith($"{path}[{count}]", StringComparison.OrdinalIgnoreCase)))
        {
            count++;
        }

        return count;
    }

    /// <summary>Whether a value is given.</summary>
    public bool Has(string path) => settings.ContainsKey(path);

    /// <summary>Keeps a fault of the value at <paramref name="path"/>.</summary>
    public void Fault(string path, string sentence) =>
        _faults.Add(settings.TryGetValue(path, out var setting) ? $"{setting.Origin}: {path} {sentence}" : $"{file}: {path} {sentence}");

    /// <summary>Ends the reading.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/> with every fault, one a line.</exception>
    public void ThrowIfFaulty()
    {
        foreach (var (path, setting) in settings)
        {
            if (!_known.Contains(path))
            {
                var sameLevel = _known.Select(known => known.Split('.')[^1]).Distinct();
                var hint = NearestName.Of(path.Split('.')[^1], sameLevel) is { } near ? $"; did you mean {near}?" : "";
                _faults.Add($"{setting.Origin}: {path} is not a known key{hint}");
            }
        }

        if (_faults.Count > 0)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid,
                _faults.Count == 1 ? _faults[0] : $"{_faults.Count} faults in the configuration:{string.Concat(_faults.Select(fault => $"\n  {fault}"))}\n",
                "every key is explained in infra/examples/silo.yaml");
        }
    }

    private T? Take<T>(string path, string expected, T? otherwise, Func<string, T?> parse)
    {
        _known.Add(path);
        if (!settings.TryGetValue(path, out var setting))
        {
            if (otherwise is null)
            {
                _faults.Add($"{file}: {path} is missing; expected {expected}");
            }

            return otherwise;
        }

        var value = parse(setting.Value);
        if (value is null)
        {
            _faults.Add($"{setting.Origin}: {path} is \"{setting.Value}\"; expected {expected}");
        }

        return value;
    }

    private static TimeSpan? ParseDuration(string text)
    {
        var match = DurationPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            _ => TimeSpan.FromMinutes(number),
        };
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m)$")]
    private static partial Regex DurationPattern();
}
