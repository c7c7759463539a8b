using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace DrMesh.Grains.ControlStore;

/// <summary>
/// Grain state as JSON, so that an operator can read it in SQL (<c>convert_from(payloadbinary, 'UTF8')::jsonb</c>) and an older state can be
/// read by a newer program: enums by name, camelCase, absent what is null.
/// </summary>
internal sealed class StateSerializer : IGrainStorageSerializer
{
    /// <summary>The one set of options for state in the control store.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options);
}
