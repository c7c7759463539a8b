using System.Collections;
using DrMesh.Contracts.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DrMesh.Silo.Settings;

/// <summary>
/// A configuration file and the environment as one flat list: <c>access.tokens[0].name</c> → value. A variable overrides the file:
/// <c>DRMESH__ACCESS__TOKENS__0__NAME</c>, two underscores between the parts, upper and lower case alike.
/// </summary>
internal static class SettingsSource
{
    private const string Prefix = "DRMESH__";
    private const long LargestFile = 1024 * 1024;

    /// <summary>Reads both.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/> when the file cannot be read or is not YAML.</exception>
    public static SortedDictionary<string, Setting> Load(string file, IDictionary environment)
    {
        var settings = new SortedDictionary<string, Setting>(StringComparer.OrdinalIgnoreCase);
        var name = Path.GetFileName(file);
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LargestFile } large)
            {
                throw Unusable($"{file} has {large.Length} bytes", "a configuration file has at most 1 MiB; was another file meant?");
            }

            using var reader = File.OpenText(file);
            var yaml = new YamlStream();
            yaml.Load(reader);
            if (yaml.Documents.Count > 0)
            {
                Flatten(yaml.Documents[0].RootNode, "", name, settings);
            }
        }
        catch (YamlException wrong)
        {
            throw Unusable($"{name}:{wrong.Start.Line}:{wrong.Start.Column}: not YAML: {wrong.Message}", "correct the line", wrong);
        }
        catch (InvalidOperationException broken)
        {
            // That is how the parser answers a text that ends in the middle.
            throw Unusable($"{name}: not YAML: it is cut off or wrongly nested", "close every bracket and quote", broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"{file} cannot be read: {unreadable.Message}", "give the silo's configuration with --config FILE", unreadable);
        }

        foreach (DictionaryEntry variable in environment)
        {
            if (variable.Key is string key && variable.Value is string value && key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                settings[PathOf(key)] = new Setting(value, key);
            }
        }

        return settings;
    }

    private static void Flatten(YamlNode node, string path, string file, SortedDictionary<string, Setting> settings)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                {
                    var part = (key as YamlScalarNode)?.Value
                        ?? throw Unusable($"{file}:{key.Start.Line}:{key.Start.Column}: a key is not a text", "see infra/examples/silo.yaml");
                    Flatten(value, path.Length == 0 ? part : $"{path}.{part}", file, settings);
                }

                break;
            case YamlSequenceNode sequence:
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    Flatten(sequence.Children[i], $"{path}[{i}]", file, settings);
                }

                break;
            case YamlScalarNode { Value: { Length: > 0 } value } when path.Length > 0:
                settings[path] = new Setting(value, $"{file}:{node.Start.Line}:{node.Start.Column}");
                break;
            case YamlScalarNode { Value: { Length: > 0 } }:
                throw Unusable($"{file}:{node.Start.Line}:{node.Start.Column}: expected keys and values, found one text", "see infra/examples/silo.yaml");
            default:
                // A key without a value is as if it were not there.
                break;
        }
    }

    private static string PathOf(string variable) =>
        variable[Prefix.Length..].Split("__").Aggregate("", (path, part) =>
            part.All(char.IsAsciiDigit) ? $"{path}[{part}]" : path.Length == 0 ? part : $"{path}.{part}");

    private static DrMeshException Unusable(string message, string hint, Exception? inner = null) =>
        new(DrMeshError.ConfigurationInvalid, message, hint, inner);
}
