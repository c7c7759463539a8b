using System.Collections.Concurrent;
using System.Globalization;
using DrMesh.Grains.ControlStore;
using Orleans.Storage;

namespace DrMesh.Grains.Tests.Traffic;

/// <summary>State as the control store keeps it (JSON, compare-and-set by version), in memory; it can fail before or after a given write.</summary>
internal sealed class RecordingStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (int Version, BinaryData Payload)> _rows = new();
    private readonly StateSerializer _serializer = new();
    private int _writes;

    /// <summary>The write, counted from 1, that fails before it is made.</summary>
    public int FailsBeforeWrite { get; set; }

    /// <summary>The write, counted from 1, that is made and then fails.</summary>
    public int FailsAfterWrite { get; set; }

    /// <summary>How many writes failed.</summary>
    public int Failures { get; private set; }

    /// <summary>How many writes were asked for.</summary>
    public int Writes => _writes;

    /// <summary>The stored texts.</summary>
    public IEnumerable<string> Texts => _rows.Values.Select(row => row.Payload.ToString());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_rows.TryGetValue(Key(stateName, grainId), out var row))
        {
            grainState.State = _serializer.Deserialize<T>(row.Payload)!;
            grainState.ETag = row.Version.ToString(CultureInfo.InvariantCulture);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var write = Interlocked.Increment(ref _writes);
        if (write == FailsBeforeWrite)
        {
            Failures++;
            throw new IOException("the store failed before the write");
        }

        var key = Key(stateName, grainId);
        var version = _rows.TryGetValue(key, out var row) ? row.Version : 0;
        if (version.ToString(CultureInfo.InvariantCulture) != (grainState.ETag ?? "0"))
        {
            throw new InconsistentStateException($"version {version} is not {grainState.ETag}");
        }

        _rows[key] = (version + 1, _serializer.Serialize(grainState.State));
        if (write == FailsAfterWrite)
        {
            Failures++;
            throw new IOException("the store failed after the write");
        }

        grainState.ETag = (version + 1).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _rows.TryRemove(Key(stateName, grainId), out _);
        return Task.CompletedTask;
    }

    /// <summary>Every record is gone, as in a store that was restored from before.</summary>
    public void Forget() => _rows.Clear();

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";
}
