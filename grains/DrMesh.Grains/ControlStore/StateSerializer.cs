using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Sessions;
using Orleans.Storage;

namespace DrMesh.Grains.ControlStore;

/// <summary>
/// Grain state as JSON (<see cref="StateJson"/>), so that an operator can read it in SQL (<c>convert_from(payloadbinary, 'UTF8')::jsonb</c>) and an older state can be
/// read by a newer program.
/// </summary>
internal sealed class StateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, StateJson.Options));

    public T? Deserialize<T>(BinaryData input)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input.ToMemory().Span, StateJson.Options);
        }
        catch (JsonException unreadable)
        {
            throw new DrMeshException(
                DrMeshError.StateUnreadable, $"a stored {typeof(T).Name} cannot be read: {unreadable.Message}",
                "look at it in the control store (drmesh.grain_state); a newer DrMesh may have written it", unreadable);
        }
    }
}
