using DrMesh.Contracts.Errors;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace DrMesh.Client.Connecting;

/// <summary>The client file <c>client.yaml</c> of the state folder: how commands on this machine reach the mesh. <c>mesh up</c> writes it.</summary>
public sealed class ClientFile
{
    /// <summary>The file's name in the state folder.</summary>
    public const string Name = "client.yaml";

    /// <summary>The Orleans cluster's name.</summary>
    public string? ClusterId { get; set; }

    /// <summary>Gateways, each <c>host:port</c>.</summary>
    public List<string>? Gateways { get; set; }

    /// <summary>The control store's connection string.</summary>
    public string? ControlStore { get; set; }

    /// <summary>The file with the access token; relative to the client file.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Reads <paramref name="file"/>; null when there is none.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/> with line and column when it is not such a file.</exception>
    public static DrMeshClientOptions? Read(string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            var read = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<ClientFile?>(reader);
            return (read ?? new ClientFile()).ToOptions(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (YamlException wrong)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid,
                $"{file}:{wrong.Start.Line}:{wrong.Start.Column}: {(wrong.InnerException ?? wrong).Message}",
                "its keys are clusterId, gateways, controlStore and tokenFile; drmesh mesh up writes a right one",
                wrong);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new DrMeshException(DrMeshError.ConfigurationInvalid, $"{file} cannot be read: {denied.Message}", "run as a user who may read it", denied);
        }
    }

    /// <summary>Writes the options to <paramref name="file"/>, replacing it at once or not at all.</summary>
    public static void Write(string file, DrMeshClientOptions options)
    {
        var content = new ClientFile
        {
            ClusterId = options.ClusterId,
            Gateways = options.Gateways.IsDefaultOrEmpty ? null : [.. options.Gateways],
            ControlStore = options.ControlStore,
            TokenFile = options.TokenFile,
        };
        var yaml = new SerializerBuilder()
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
            .Build()
            .Serialize(content);
        var beside = file + ".new";
        File.WriteAllText(beside, yaml);
        File.Move(beside, file, overwrite: true);
    }

    private DrMeshClientOptions ToOptions(string folder) => new()
    {
        ClusterId = ClusterId ?? "drmesh",
        Gateways = Gateways is null ? [] : [.. Gateways],
        ControlStore = ControlStore,
        TokenFile = TokenFile is null ? null : Path.Combine(folder, TokenFile),
    };
}
