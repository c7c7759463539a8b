using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrMesh.Core.Sessions;

/// <summary>
/// How states are written: JSON a person can read in SQL. camelCase, enums and identifiers by their text, nothing that is null. A property a state does not carry gets
/// its default, an unknown one is ignored, so that states of older programs are read by newer ones.
/// </summary>
public static class StateJson
{
    /// <summary>The one set of options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(), new IdentifierConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
