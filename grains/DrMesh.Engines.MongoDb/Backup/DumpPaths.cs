using System.Security.Cryptography;
using System.Text;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>File names of a dump directory as mongodump writes and mongorestore reads them.</summary>
internal static class DumpPaths
{
    public const string Oplog = "oplog.bson";
    public const string DataSuffix = ".bson";
    public const string MetadataSuffix = ".metadata.json";
    private const string Kept = "-_.~$&+:=@";
    private const int LongestName = 238;
    private const int KeptOfLongName = 208;

    public static string Data(string database, string collection) => $"{database}/{Escape(collection)}{DataSuffix}";

    public static string Metadata(string database, string collection) => $"{database}/{Escape(collection)}{MetadataSuffix}";

    /// <summary>A collection's name as a file name: percent-escaped like a path segment; a very long one is cut and ends in its hash.</summary>
    public static string Escape(string collection)
    {
        var escaped = new StringBuilder(collection.Length);
        foreach (var value in Encoding.UTF8.GetBytes(collection))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || Kept.Contains((char)value, StringComparison.Ordinal))
            {
                escaped.Append((char)value);
            }
            else
            {
                escaped.Append('%').Append(value.ToString("X2", null));
            }
        }

        if (escaped.Length <= LongestName)
        {
            return escaped.ToString();
        }

#pragma warning disable CA5350 // mongodump's own naming, not a protection.
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(collection));
#pragma warning restore CA5350
        var tail = Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_');
        return $"{escaped.ToString(0, KeptOfLongName)}%24{tail}";
    }
}
