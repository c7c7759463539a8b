using System.Collections.Concurrent;

namespace DrMesh.Engines.Files.Scanning;

/// <summary>What went wrong or was left out, one sentence a path; safe for several workers at once.</summary>
internal sealed class Findings
{
    /// <summary>How many sentences are kept; the others are only counted.</summary>
    public const int Shown = 1000;

    private readonly ConcurrentDictionary<string, string> _sentences = new(StringComparer.Ordinal);
    private long _unreadable;
    private long _unsettled;
    private long _total;

    /// <summary>Paths that could not be read.</summary>
    public long Unreadable => _unreadable;

    /// <summary>Paths that changed during every attempt.</summary>
    public long Unsettled => _unsettled;

    /// <summary>All sentences in the order of their paths; the last one says how many more there were.</summary>
    public IReadOnlyList<string> Sentences()
    {
        var sentences = _sentences.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value).ToList();
        if (_total > sentences.Count)
        {
            sentences.Add($"{_total - sentences.Count} more paths have problems of the same kinds");
        }

        return sentences;
    }

    /// <summary>A path that belongs to the tree and cannot be read.</summary>
    public void CannotRead(string path, string reason)
    {
        Interlocked.Increment(ref _unreadable);
        Add(path, $"{Display(path)} cannot be read: {reason}");
    }

    /// <summary>A file that changed each time it was read.</summary>
    public void FileChanges(string path, int attempts)
    {
        Interlocked.Increment(ref _unsettled);
        Add(path, $"{Display(path)} changed each of the {attempts} times it was read; what is recorded may mix two states");
    }

    /// <summary>A directory in which names came or went each time it was listed.</summary>
    public void DirectoryChanges(string path, int attempts)
    {
        Interlocked.Increment(ref _unsettled);
        Add(path, $"{Display(path)} changed each of the {attempts} times it was listed; a file moved there meanwhile may be missing");
    }

    /// <summary>Anything else worth a sentence.</summary>
    public void Note(string path, string fact) =>
        Add(path, $"{Display(path)} {fact}");

    private void Add(string path, string sentence)
    {
        Interlocked.Increment(ref _total);
        if (_sentences.Count < Shown)
        {
            _sentences.AddOrUpdate(path, sentence, (_, earlier) => $"{earlier}; {sentence}");
        }
    }

    private static string Display(string path) => path.Length == 0 ? "the tree's top" : path;
}
