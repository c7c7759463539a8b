using System.Security.Cryptography;
using System.Text;
using DrMesh.Core.Backups;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.TestKit.Repositories;

/// <summary>A real repository in a local directory under a key of its own; removed with the directory it is in.</summary>
public static class LocalRepository
{
    /// <summary>The name of its one tier.</summary>
    public const string Tier = "hot";

    /// <summary>Opens the repository under <paramref name="directory"/>; creates it the first time.</summary>
    public static Task<IBackupRepository> OpenAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var key = Path.Combine(directory, "key");
        if (!File.Exists(key))
        {
            WriteKey(key);
        }

        return RepositoryHosting.CreateFactory(TimeProvider.System).OpenAsync(new RepositoryDescription
        {
            Tiers = [new TierAddress { Name = Tier, Url = $"file://{directory}/store", Key = $"file://{key}" }],
            Create = true,
        });
    }

    /// <summary>Writes a new key file; its form is that of <c>KeyFile</c> in the repository engine.</summary>
    public static void WriteKey(string path)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var id = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes("drmesh-key-1"), .. secret]))[..12];
        File.WriteAllText(path, $"drmesh-key-1 k-{id} {Convert.ToBase64String(secret)}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
