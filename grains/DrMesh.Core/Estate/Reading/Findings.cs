using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Reading;

/// <summary>
/// What was found so far, with the place of every key. A path with an error is broken: what a later check would say about a value
/// that could not be read is left out, so that one slip gives one error.
/// </summary>
internal sealed class Findings
{
    private readonly List<EstateFinding> _all = [];
    private readonly Dictionary<string, YamlPosition> _places = [];
    private readonly HashSet<string> _broken = [];

    /// <summary>All findings, errors and warnings together, by line.</summary>
    public IEnumerable<EstateFinding> Sorted() => _all.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column).ThenBy(finding => finding.Path, StringComparer.Ordinal);

    /// <summary>Whether there is an error so far.</summary>
    public bool HasErrors => _all.Exists(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>Remembers where a key stands.</summary>
    public void Place(string path, YamlPosition position) => _places.TryAdd(path, position);

    /// <summary>Where a key stands; for one that is not written, where the entry that should have it stands.</summary>
    public YamlPosition PlaceOf(string path)
    {
        YamlPosition position;
        while (!_places.TryGetValue(path, out position))
        {
            var end = path.LastIndexOfAny(['.', '[']);
            if (end < 0)
            {
                return _places.GetValueOrDefault("");
            }

            path = path[..end];
        }

        return position;
    }

    /// <summary>Marks a value as unreadable without an error of its own.</summary>
    public void Break(string path) => _broken.Add(path);

    /// <summary>Whether <paramref name="path"/>, or an entry it is part of, could not be read.</summary>
    public bool IsBroken(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['.', '['], end - 1))
        {
            if (_broken.Contains(path[..end]))
            {
                return true;
            }
        }

        return _broken.Contains("");
    }

    /// <summary>Whether a key is written in the file.</summary>
    public bool IsGiven(string path) => _places.ContainsKey(path);

    /// <summary>Adds an error at a place; the value behind it could not be read.</summary>
    public void Error(string path, YamlPosition position, string message)
    {
        _broken.Add(path);
        Add(FindingSeverity.Error, path, position, message);
    }

    /// <summary>Adds an error about an entry that could be read otherwise.</summary>
    public void Incomplete(string path, YamlPosition position, string message) => Add(FindingSeverity.Error, path, position, message);

    /// <summary>Adds an error unless it follows from one at its path or at one of the <paramref name="related"/> paths it speaks about.</summary>
    public void Error(string path, string message, params ReadOnlySpan<string> related)
    {
        if (IsSound(path, related))
        {
            Add(FindingSeverity.Error, path, PlaceOf(path), message);
        }
    }

    /// <summary>Adds a warning unless it follows from an error at its path or at one of the <paramref name="related"/> paths it speaks about.</summary>
    public void Warning(string path, string message, params ReadOnlySpan<string> related)
    {
        if (IsSound(path, related))
        {
            Add(FindingSeverity.Warning, path, PlaceOf(path), message);
        }
    }

    private bool IsSound(string path, ReadOnlySpan<string> related)
    {
        foreach (var other in related)
        {
            if (IsBroken(other))
            {
                return false;
            }
        }

        return !IsBroken(path);
    }

    private void Add(FindingSeverity severity, string path, YamlPosition position, string message) => _all.Add(new EstateFinding
    {
        Severity = severity,
        Line = position.Line,
        Column = position.Column,
        Path = path,
        Message = message,
    });
}
