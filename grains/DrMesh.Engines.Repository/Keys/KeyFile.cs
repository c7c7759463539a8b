using System.Security.Cryptography;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Keys;

/// <summary>
/// A key file: lines beginning with <c>#</c> are comments; one line <c>drmesh-key-1 ID BASE64</c> holds a random 32-byte key. The ID is <c>k-</c> and the first 12 hexadecimal
/// digits of SHA-256 over <c>drmesh-key-1</c> and the key; it tells keys apart and finds typing errors. Only its owner may read the file.
/// </summary>
internal static class KeyFile
{
    private const string Tag = "drmesh-key-1";

    public static (string Id, byte[] Key) Generate()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return (IdOf(key), key);
    }

    /// <summary>Writes a new key file; one that is there is never overwritten.</summary>
    public static string Create(string path)
    {
        var (id, key) = Generate();
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            using var writer = new StreamWriter(file);
            writer.WriteLine("# DrMesh repository key. Whoever has it can read the backups; without it nobody can. Keep a copy elsewhere.");
            writer.WriteLine($"{Tag} {id} {Convert.ToBase64String(key)}");
        }
        catch (IOException failure)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"{path} cannot be written: {failure.Message}", "name a file that does not exist yet", failure);
        }

        return id;
    }

    public static (string Id, byte[] Key) Read(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                throw Unusable(path, "others than its owner may read or write it", $"chmod 600 {path}");
            }

            return Parse(path, File.ReadAllLines(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, failure.Message, "name the repository's key file; drmesh repo keygen makes a new one", failure);
        }
    }

    private static (string Id, byte[] Key) Parse(string path, string[] lines)
    {
        const string hint = "take the key file from its safe copy";
        foreach (var fields in lines.Where(line => !line.StartsWith('#')).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (fields.Length != 3 || fields[0] != Tag)
            {
                continue;
            }

            var key = new byte[32];
            if (!Convert.TryFromBase64String(fields[2], key, out var length) || length != key.Length || IdOf(key) != fields[1])
            {
                throw Unusable(path, $"the key of {fields[1]} is not whole", hint);
            }

            return (fields[1], key);
        }

        throw Unusable(path, $"it has no line that begins with {Tag}", hint);
    }

    private static string IdOf(ReadOnlySpan<byte> key)
    {
        Span<byte> all = stackalloc byte[Tag.Length + key.Length];
        System.Text.Encoding.ASCII.GetBytes(Tag, all);
        key.CopyTo(all[Tag.Length..]);
        return "k-" + Convert.ToHexStringLower(SHA256.HashData(all))[..12];
    }

    private static DrMeshException Unusable(string path, string fact, string hint, Exception? inner = null) =>
        new(DrMeshError.RepositoryKeyWrong, $"key file {path} is not usable: {fact}", hint, inner);
}
