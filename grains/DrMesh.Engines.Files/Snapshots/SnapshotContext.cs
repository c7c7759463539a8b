using System.Collections.Concurrent;
using DrMesh.Engines.Files.Posix;
using DrMesh.Engines.Files.Scanning;

namespace DrMesh.Engines.Files.Snapshots;

/// <summary>What the workers of one snapshot share.</summary>
internal sealed record SnapshotContext
{
    public required TreeRoot Root { get; init; }

    public required TreeWalker Walker { get; init; }

    public required LinkRecorder Writer { get; init; }

    public required ParentSnapshot Parent { get; init; }

    public required Findings Findings { get; init; }

    public required TimeProvider Time { get; init; }

    public required int Parallelism { get; init; }

    public required int Attempts { get; init; }

    public EntryRecords Records { get; } = new(new OwnerNames());

    /// <summary>Content digests of files with several names, by their first.</summary>
    public ConcurrentDictionary<string, byte[]> Digests { get; } = new(StringComparer.Ordinal);
}
