using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Posix;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>A file being written under a temporary name. Parts may be written at once; each has its place from the order of the calls.</summary>
internal sealed class LocalUpload(LocalStore store, string key, string temporary, bool replace) : IObjectUpload
{
    private SafeFileHandle? _file;
    private long _length;

    public Task WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default) => store.GuardAsync(key, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _file ??= Create();
        var offset = _length;
        _length += part.Length;
        RandomAccess.Write(file, part.Span, offset);
        return true;
    });

    public Task<bool> CompleteAsync(CancellationToken cancellationToken = default) => store.GuardAsync(key, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _file ??= Create();
        RandomAccess.FlushToDisk(file);
        file.Dispose();
        var final = store.PathOf(key);
        var folder = Path.GetDirectoryName(final)!;
        CreateFolder(folder);
        if (replace)
        {
            File.Move(temporary, final, overwrite: true);
        }
        else
        {
            var errno = Libc.Link(temporary, final);
            if (errno == Libc.AlreadyExists)
            {
                return false;
            }

            if (errno != 0)
            {
                throw new IOException($"link failed with errno {errno}: {final}", errno);
            }
        }

        Libc.SyncDirectory(folder);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (_file is { } file)
        {
            file.Dispose();
            await store.GuardAsync(key, () =>
            {
                File.Delete(temporary);
                return true;
            });
        }
    }

    private SafeFileHandle Create()
    {
        CreateFolder(Path.GetDirectoryName(temporary)!);
        return File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    // A new folder's own name must be durable, too, before an object in it counts as written.
    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        Libc.SyncDirectory(parent);
    }
}
