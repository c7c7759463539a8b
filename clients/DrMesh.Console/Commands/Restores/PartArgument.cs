using System.Globalization;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Restores.Unified;

namespace DrMesh.Console.Commands.Restores;

/// <summary>How a person writes where a part goes. The form tells what the part is.</summary>
internal static class PartArgument
{
    /// <summary>Reads one.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>: it has none of the forms.</exception>
    public static RestorePartTarget Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? text[..equals] : throw Unusable(text);
        var places = text[(equals + 1)..].Split(':');
        return places switch
        {
            [{ Length: > 0 } set] when NodeId.TryParse(set) is null => new RestorePartTarget { Kind = PartKind.MongoDb, Name = name, Set = new ClusterId(set) },
            [var node, { Length: > 0 } directory] when NodeId.TryParse(node) is { } on => new RestorePartTarget { Kind = PartKind.Files, Name = name, Node = on, Directory = directory },
            [var node, { Length: > 0 } directory, var port] when NodeId.TryParse(node) is { } on && int.TryParse(port, CultureInfo.InvariantCulture, out var number) =>
                new RestorePartTarget { Kind = PartKind.PostgreSql, Name = name, Node = on, Directory = directory, Port = number },
            _ => throw Unusable(text),
        };
    }

    private static DrMeshException Unusable(string text) => new(
        DrMeshError.UsageInvalid,
        $"--part {text} does not say where the part goes",
        "write orders=REGION/NODE:/directory:PORT for a PostgreSQL cluster, uploads=REGION/NODE:/directory for a file tree, carts=OTHER-SET for a replica set");
}
