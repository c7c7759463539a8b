using System.Security.Cryptography;
using DrMesh.Client;
using DrMesh.Client.Connecting;

namespace DrMesh.Lab.Worlds;

/// <summary>What a world keeps on the disk, all in one folder; it is also the state folder (<c>DRMESH_STATE</c>) of the world's mesh.</summary>
/// <param name="Path">The folder, absolute.</param>
internal sealed record WorldFolder(string Path)
{
    /// <summary>The folder of all worlds of this machine.</summary>
    public static string Root => System.IO.Path.Combine(StateFolder.Path, "lab");

    /// <summary>Who made the world.</summary>
    public string Owner => System.IO.Path.Combine(Path, "world.json");

    /// <summary>The estate file.</summary>
    public string Estate => System.IO.Path.Combine(Path, "estate.yaml");

    /// <summary>Passwords and keys, for the silos.</summary>
    public string Secrets => System.IO.Path.Combine(Path, "secrets");

    /// <summary>The backup repository.</summary>
    public string Vault => System.IO.Path.Combine(Path, "vault");

    /// <summary>The name server's.</summary>
    public string Names => System.IO.Path.Combine(Path, "names");

    /// <summary>How a console reaches the world's mesh.</summary>
    public string Client => System.IO.Path.Combine(Path, ClientFile.Name);

    /// <summary>A region's: its database, its files.</summary>
    public string Region(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A new one, not made yet. Its name is short: socket paths in it have a limit of 107 bytes.</summary>
    public static WorldFolder Next() => new(System.IO.Path.Combine(Root, RandomNumberGenerator.GetHexString(6, lowercase: true)));

    /// <summary>Makes it.</summary>
    public void Make()
    {
        Directory.CreateDirectory(Path);
        // The servers' user must be able to pass through; what is private in it is closed by itself.
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);
    }

    /// <summary>Every world's folder there is.</summary>
    public static IReadOnlyList<WorldFolder> All() => Directory.Exists(Root) ? [.. Directory.EnumerateDirectories(Root).Select(path => new WorldFolder(path))] : [];
}
