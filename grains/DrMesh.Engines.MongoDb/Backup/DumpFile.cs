using DrMesh.Core.Backups;

namespace DrMesh.Engines.MongoDb.Backup;

/// <summary>Files of a dump directory.</summary>
internal static class DumpFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static BackupFile Of(string path, long length, DateTimeOffset at) => new() { Path = path, Length = length, Mode = FileMode, ModifiedAt = at };

    public static BackupFile Directory(string path, DateTimeOffset at) =>
        new() { Path = path, Kind = BackupFileKind.Directory, Mode = FileMode | UnixFileMode.UserExecute, ModifiedAt = at };

    /// <summary>Adds a small file.</summary>
    public static async ValueTask AddAsync(PieceGatherer gatherer, string path, byte[] bytes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var content = new FileContent();
        for (var offset = 0; offset < bytes.Length; offset += ChunkSize.Usual)
        {
            await gatherer.AddAsync(bytes.AsMemory(offset, Math.Min(ChunkSize.Usual, bytes.Length - offset)), content, offset, cancellationToken);
        }

        await gatherer.FinishAsync(Of(path, bytes.Length, at), content, cancellationToken);
    }
}
