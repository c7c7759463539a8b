namespace DrMesh.Engines.Files.Restores;

/// <summary>Hard-linked files of a restore: one name of each is restored with its content, the others become links to it.</summary>
internal sealed class LinkGroups
{
    private readonly Dictionary<string, List<string>> _further = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contentName = new(StringComparer.Ordinal);

    /// <summary>Adds a selected name whose content was recorded under <paramref name="first"/>.</summary>
    public void Add(string path, string first)
    {
        if (!_further.TryGetValue(first, out var names))
        {
            _further[first] = names = [];
        }

        names.Add(path);
    }

    /// <summary>Called when all are added: where the first name itself is not restored, the smallest of the others takes its place.</summary>
    public void Settle(Func<string, bool> isRestored)
    {
        foreach (var (first, names) in _further)
        {
            names.Sort(StringComparer.Ordinal);
            var content = first;
            if (!isRestored(first))
            {
                content = names[0];
                names.RemoveAt(0);
            }

            foreach (var name in names)
            {
                _contentName[name] = content;
            }
        }
    }

    /// <summary>Whether the name becomes a link to another.</summary>
    public bool IsLink(string path) => _contentName.ContainsKey(path);

    /// <summary>Each name that becomes a link, with the name that has the content.</summary>
    public IEnumerable<(string Link, string Content)> Links => _contentName.Select(pair => (pair.Key, pair.Value));

    /// <summary>How many names each file with several has, by the name that has the content.</summary>
    public IReadOnlyDictionary<string, List<string>> ByContent() =>
        _contentName.GroupBy(pair => pair.Value, pair => pair.Key).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
}
