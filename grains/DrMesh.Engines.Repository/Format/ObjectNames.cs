using System.Globalization;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Engines.Repository.Format;

/// <summary>The keys of a repository's objects.</summary>
internal static class ObjectNames
{
    public const string Repository = "repository";
    public const string Keys = "keys/";
    public const string Writers = "writers/";
    public const string Packs = "packs/";
    public const string Indexes = "indexes/";
    public const string Backups = "backups/";
    public const string Garbage = "garbage/";
    public const string Logs = "logs/";

    /// <summary>Before the length in the name of a log object's beginning.</summary>
    public const string LogPart = ".part-";

    /// <summary>The name of the repository's secret among the keys: with the repository's id, so that one whose making was interrupted is in nobody's way.</summary>
    public static string RootKey(string repository) => "root-" + repository;

    public static string Writer(ulong writer) => writer.ToString("x16", CultureInfo.InvariantCulture);

    public static string Key(string name, string kek) => $"{Keys}{name}/{kek}";

    public static string Marker(ulong writer) => Writers + Writer(writer);

    public static string Backup(BackupId id) => Backups + id.Value;

    /// <summary>An index object: who wrote it, and a number of the writer's.</summary>
    public static string Index(ulong writer, int number) => $"{Indexes}{Writer(writer)}-{number:x4}";

    public static string PacksOf(ulong writer) => $"{Packs}{Writer(writer)}/";

    /// <summary>A pack; a compacted one has its generation (from 1) behind a dot.</summary>
    public static string Pack(ulong writer, uint pack, uint generation = 0) =>
        $"{PacksOf(writer)}{pack:x8}" + (generation == 0 ? "" : $".{generation:x4}");

    /// <summary>The pack a key names, or null when it names none.</summary>
    public static (ulong Writer, uint Pack, uint Generation)? ParsePack(string key)
    {
        var parts = key.Split('/', '.');
        return parts.Length is 3 or 4 && key.StartsWith(Packs, StringComparison.Ordinal)
            && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var writer)
            && uint.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var pack)
            && uint.TryParse(parts.Length == 4 ? parts[3] : "0", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var generation)
            ? (writer, pack, generation)
            : null;
    }

    public static string LogsOf(string source) => $"{Logs}{source}/";

    public static string Log(string source, LogName name) =>
        $"{LogsOf(source)}{name.Group}/{name.Name}";

    /// <summary>Whether an object is kept for its backups' or log's sake, and so is locked where a tier locks; markers, condemned lists and unfinished logs come and go.</summary>
    public static bool IsKept(string key) => key == Repository
        || key.StartsWith(Keys, StringComparison.Ordinal) || key.StartsWith(Packs, StringComparison.Ordinal)
        || key.StartsWith(Backups, StringComparison.Ordinal)
        || (key.StartsWith(Logs, StringComparison.Ordinal) && !key.Contains(LogPart, StringComparison.Ordinal));

    /// <summary>Checks a name that becomes part of a key.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>.</exception>
    public static string Check(string name, string what, int longest)
    {
        var isUsable = name.Length >= 1 && name.Length <= longest && char.IsAsciiLetterOrDigit(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
        return isUsable
            ? name
            : throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"{what} \"{name}\" is not usable",
                $"use 1 to {longest} of a-z A-Z 0-9 . _ -, beginning with a letter or digit");
    }
}
