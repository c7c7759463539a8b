using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Orleans.Storage;

namespace DrMesh.TestKit.Crash;

/// <summary>What the control store is to grain state: bytes under a version, changed by compare-and-set, shared by all silos and outliving them.</summary>
public sealed class SharedStates
{
    private readonly ConcurrentDictionary<string, (int Version, byte[] Bytes)> _states = new();

    /// <summary>Stores a state as another program did.</summary>
    public void Put(string stateName, GrainId grainId, string json) => Write(Key(stateName, grainId), null, Encoding.UTF8.GetBytes(json));

    /// <summary>A stored state; null: there is none.</summary>
    public string? Text(string stateName, GrainId grainId) => Read(Key(stateName, grainId)) is { } stored ? Encoding.UTF8.GetString(stored.Bytes) : null;

    internal static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    internal (int Version, byte[] Bytes)? Read(string key) => _states.TryGetValue(key, out var state) ? state : null;

    internal int Write(string key, string? etag, byte[] bytes)
    {
        var expected = etag is null ? 0 : int.Parse(etag, CultureInfo.InvariantCulture);
        var written = expected == 0
            ? _states.TryAdd(key, (1, bytes))
            : _states.TryGetValue(key, out var now) && now.Version == expected && _states.TryUpdate(key, (expected + 1, bytes), now);
        return written ? expected + 1 : throw new InconsistentStateException($"{key} is not at version {expected}");
    }
}
