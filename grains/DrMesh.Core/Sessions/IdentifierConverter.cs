using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrMesh.Core.Sessions;

/// <summary>Writes an identifier (a record struct around one string called <c>Value</c>) as that string, as a dictionary's key too.</summary>
internal sealed class IdentifierConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsValueType && typeToConvert.GetConstructor([typeof(string)]) is not null && ValueOf(typeToConvert) is not null
        && typeToConvert.GetProperties(BindingFlags.Public | BindingFlags.Instance).Count(property => property.CanWrite) == 1;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(typeToConvert))!;

    private static PropertyInfo? ValueOf(Type type) => type.GetProperty("Value", typeof(string)) is { CanWrite: true } property ? property : null;

    private sealed class Typed<T> : JsonConverter<T>
        where T : struct
    {
        private static readonly ConstructorInfo Constructor = typeof(T).GetConstructor([typeof(string)])!;
        private static readonly PropertyInfo Property = ValueOf(typeof(T))!;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Make(reader.GetString());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Value(value));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Make(reader.GetString());

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Value(value));

        private static string Value(T identifier) => (string?)Property.GetValue(identifier) ?? "";

        private static T Make(string? text) => (T)Constructor.Invoke([text ?? ""]);
    }
}
