using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Access;

namespace DrMesh.Silo.Mesh;

/// <summary>The secrets of a local mesh: made once, readable for their owner alone.</summary>
internal static class LocalAccess
{
    /// <summary>Makes those that are missing.</summary>
    public static void Ensure(LocalMeshPaths paths)
    {
        Directory.CreateDirectory(paths.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(paths.Tokens);
        EnsureSecret(paths.MeshSecret);
        foreach (var role in Enum.GetValues<AccessRole>())
        {
            EnsureSecret(TokenFile(paths, role));
        }
    }

    /// <summary>The file with the token of <paramref name="role"/>.</summary>
    public static string TokenFile(LocalMeshPaths paths, AccessRole role) => Path.Combine(paths.Tokens, Word(role));

    /// <summary>The role as the configuration writes it.</summary>
    public static string Word(AccessRole role) => role.ToString().ToLowerInvariant();

    private static void EnsureSecret(string file)
    {
        if (File.Exists(file))
        {
            return;
        }

        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true)));
    }
}
