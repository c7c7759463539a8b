using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrMesh.Silo.Commands;

/// <summary>How these commands show a result: lines for a person, or one JSON document, in the same form the console writes.</summary>
internal static class CommandOutput
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary><c>--output text|json</c>.</summary>
    public static Option<string> Option { get; } = Create();

    /// <summary>Writes <paramref name="value"/> as JSON when that was asked for, else <paramref name="lines"/>.</summary>
    public static void Show(ParseResult arguments, object value, IEnumerable<string> lines)
    {
        var output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(Option) == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(value, value.GetType(), Json));
            return;
        }

        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }

    private static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How results are written: text for a person, json for a program",
            HelpName = "text|json",
            Recursive = true,
            DefaultValueFactory = _ => "text",
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
