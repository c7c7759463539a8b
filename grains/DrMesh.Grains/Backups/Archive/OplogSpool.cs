using DrMesh.Contracts.Databases;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>
/// The directory where slices of one archive wait while its store is away. Under systemd it lies in the unit's state directory and outlives the process; otherwise it is a temporary one that goes with the
/// run, and what waited in it is read from the set's own oplog again.
/// </summary>
internal sealed class OplogSpool : IDisposable
{
    private readonly bool _isTemporary;

    private OplogSpool(string path, bool isTemporary)
    {
        Path = path;
        _isTemporary = isTemporary;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The spool of a set in a tier.</summary>
    public static OplogSpool Open(ClusterId cluster, string tier) => Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } state
        ? new OplogSpool(System.IO.Path.Combine(state, "oplog", cluster.Value, tier), isTemporary: false)
        : new OplogSpool(Directory.CreateTempSubdirectory("drmesh-oplog-").FullName, isTemporary: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isTemporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
