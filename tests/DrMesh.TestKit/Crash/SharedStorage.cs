using System.Globalization;
using DrMesh.Grains.ControlStore;
using Orleans.Storage;

namespace DrMesh.TestKit.Crash;

/// <summary>A silo's way to the shared states; dead silos do not get through.</summary>
internal sealed class SharedStorage(SharedStates states, CrashScript script, string silo) : IGrainStorage
{
    private readonly StateSerializer _serializer = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        script.EnsureAlive(silo);
        if (states.Read(SharedStates.Key(stateName, grainId)) is { } stored)
        {
            grainState.State = _serializer.Deserialize<T>(new BinaryData(stored.Bytes))!;
            grainState.ETag = stored.Version.ToString(CultureInfo.InvariantCulture);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var bytes = _serializer.Serialize(grainState.State).ToArray();
        var version = await script.RunAsync(
            silo, grainId.ToString(), isWrite: true, () => Task.FromResult(states.Write(SharedStates.Key(stateName, grainId), grainState.ETag, bytes)));
        grainState.ETag = version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("sessions are never cleared");
}
