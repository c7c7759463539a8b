using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrMesh.Console.Output;

/// <summary>How every command writes JSON: camelCase, enums by name, identifiers as the text a person types, times in ISO 8601.</summary>
internal static class JsonOutput
{
    /// <summary>The options for every document.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new IdentifierConverterFactory() },
    };

    /// <summary>Writes <paramref name="value"/> as one document.</summary>
    public static void Write(TextWriter output, object? value) =>
        output.WriteLine(JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), Options));

    // The contracts' identifiers are record structs named …Id; their text form is what a person types.
    private sealed class IdentifierConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsValueType && typeToConvert.Name.EndsWith("Id", StringComparison.Ordinal)
            && typeToConvert.Namespace?.StartsWith("DrMesh.Contracts", StringComparison.Ordinal) == true;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(
                typeof(IdentifierConverter<>).MakeGenericType(typeToConvert), BindingFlags.Public | BindingFlags.Instance, null, null, null)!;
    }

    private sealed class IdentifierConverter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new InvalidOperationException("the console writes identifiers, it does not read them back");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value!.ToString()!);
    }
}
