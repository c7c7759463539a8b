using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>Slices on disk that wait for the store; each appears whole or not at all, and outlives the process. They are documents in the clear: only their owner may read them.</summary>
internal sealed class SliceSpool
{
    private const string Extension = ".slice";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;
    private readonly string _directory;

    public SliceSpool(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory, OwnerDirectory);
        // One that was there already may be open to others.
        File.SetUnixFileMode(directory, OwnerDirectory);
        foreach (var unfinished in Directory.EnumerateFiles(directory, "*.new"))
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>The slices that wait, oldest first.</summary>
    public IEnumerable<PendingSlice> Waiting() =>
        from path in Directory.EnumerateFiles(_directory, $"*{Extension}").Order(StringComparer.Ordinal)
        let name = Parse(path)
        where name is not null
        select new PendingSlice(name.Value, CountOf(path), null, new FileInfo(path).Length);

    public void Write(PendingSlice slice)
    {
        var path = PathOf(slice.Name);
        using (var file = new FileStream(path + ".new", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerFile }))
        {
            file.Write(slice.Content!);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    public byte[] Read(OplogSliceName name) => File.ReadAllBytes(PathOf(name));

    public void Remove(OplogSliceName name) => File.Delete(PathOf(name));

    private static OplogSliceName? Parse(string path) =>
        OplogSliceName.TryParse(new LogName(OplogSliceName.Group, Path.GetFileNameWithoutExtension(path)), out var name) ? name : null;

    private static long CountOf(string path) => RawBson.Split(File.ReadAllBytes(path)).LongCount();

    private string PathOf(OplogSliceName name) => Path.Combine(_directory, name.ToLogName().Name + Extension);
}
