using System.IO.Hashing;
using System.Text;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Manifests;

/// <summary>The rules of a path in a backup.</summary>
internal static class BackupPath
{
    /// <summary>Refuses a path that could leave the directory it is restored to.</summary>
    public static void Check(string path)
    {
        var rest = path.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            if (part.IsEmpty || part is "." or ".." || part.Contains('\0'))
            {
                throw new DrMeshException(
                    DrMeshError.UsageInvalid, $"\"{path}\" is not a path inside a backup", "paths are relative, separated by /, without . and ..");
            }

            if (slash < 0)
            {
                return;
            }

            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>What the path index is sorted by: XXH3 (64 bits) of the path in UTF-8.</summary>
    public static ulong Hash(string path)
    {
        Span<byte> small = stackalloc byte[512];
        var length = Encoding.UTF8.GetByteCount(path);
        var bytes = length <= small.Length ? small[..length] : new byte[length];
        Encoding.UTF8.GetBytes(path, bytes);
        return XxHash3.HashToUInt64(bytes);
    }
}
