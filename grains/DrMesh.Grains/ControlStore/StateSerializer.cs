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
                DrMeshError.StateUnreadable, $"a stored {typeof(T).Name.Split('`')[0]}{Schema(input)} cannot be read: {unreadable.Message}",
                "look at it in the control store (drmesh.grain_state); a newer DrMesh may have written it", unreadable);
        }
    }

    // A newer program's values may be unknown here before anybody gets to compare the numbers.
    private static string Schema(BinaryData input)
    {
        try
        {
            using var stored = JsonDocument.Parse(input);
            return stored.RootElement.TryGetProperty("session", out var session) && session.TryGetProperty("schemaVersion", out var number) ? $" of schema {number}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
