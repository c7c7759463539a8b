using System.Runtime.CompilerServices;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>
/// Objects as files under a directory. A file is written beside (<c>.tmp/</c>), synced, then given its name, and the directory is synced: after a power loss it is there whole or not at all.
/// </summary>
internal sealed class LocalStore(string root) : IObjectStore
{
    private const string TemporaryFolder = ".tmp";
    private readonly string _root = Path.GetFullPath(root);

    public string Address => "file://" + _root;

    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) => GuardAsync(key, () =>
    {
        var file = new FileInfo(PathOf(key));
        return file.Exists ? new ObjectInfo(key, file.Length, file.LastWriteTimeUtc) : null;
    });

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) => GuardAsync(key, () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var file = File.OpenHandle(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var read = 0;
        while (read < buffer.Length)
        {
            var got = RandomAccess.Read(file, buffer.Span[read..], offset + read);
            if (got == 0)
            {
                break;
            }

            read += got;
        }

        return read;
    });

    public async Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool ifAbsent, CancellationToken cancellationToken = default)
    {
        await using var upload = Begin(key, replace: !ifAbsent);
        await upload.WriteAsync(content, cancellationToken);
        return await upload.CompleteAsync(cancellationToken);
    }

    public Task<IObjectUpload> BeginUploadAsync(string key, CancellationToken cancellationToken = default) =>
        Task.FromResult<IObjectUpload>(Begin(key, replace: false));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        var slash = prefix.LastIndexOf('/');
        var folder = slash < 0 ? "" : prefix[..slash];
        foreach (var info in Walk(folder, prefix, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) => GuardAsync(key, () =>
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Not there is success.
        }

        return true;
    });

    public Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<int> RemoveStaleUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) => GuardAsync(TemporaryFolder, () =>
    {
        var folder = new DirectoryInfo(Path.Combine(_root, TemporaryFolder));
        var removed = 0;
        foreach (var file in folder.Exists ? folder.EnumerateFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime) : [])
        {
            file.Delete();
            removed++;
        }

        return removed;
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal string PathOf(string key) => Path.Combine(_root, key);

    /// <summary>Runs an action of the file system and names the object in its failures.</summary>
    internal Task<T> GuardAsync<T>(string key, Func<T> action)
    {
        try
        {
            return Task.FromResult(action());
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(Translate(key, failure) ?? failure);
        }
    }

    internal DrMeshException? Translate(string key, Exception failure)
    {
        const int noSpace = 28;
        const int quota = 122;
        var name = $"{Address}/{key}";
        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => RepositoryErrors.Missing(name),
            UnauthorizedAccessException => RepositoryErrors.Refused(name, failure.Message, failure),
            IOException { HResult: noSpace or quota } => RepositoryErrors.Full(name, failure),
            IOException => RepositoryErrors.Unreachable(name, failure.Message, failure),
            _ => null,
        };
    }

    private LocalUpload Begin(string key, bool replace) =>
        new(this, key, Path.Combine(_root, TemporaryFolder, Guid.NewGuid().ToString("n")), replace);

    // Depth first with each folder's entries in ordinal order of their keys: a folder sorts as its name with a slash.
    private IEnumerable<ObjectInfo> Walk(string folder, string prefix, string? after)
    {
        var directory = new DirectoryInfo(PathOf(folder));
        if (!directory.Exists)
        {
            yield break;
        }

        var entries = directory.EnumerateFileSystemInfos()
            .Where(entry => entry.Name[0] != '.')
            .Select(entry => (Key: Join(folder, entry.Name) + (entry is DirectoryInfo ? "/" : ""), Entry: entry))
            .Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)
                || (item.Entry is DirectoryInfo && prefix.StartsWith(item.Key, StringComparison.Ordinal)))
            .OrderBy(item => item.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (key, entry) in entries)
        {
            if (entry is DirectoryInfo)
            {
                // A folder all of whose keys sort before the start is not entered.
                if (after is not null && string.CompareOrdinal(key, after) < 0 && !after.StartsWith(key, StringComparison.Ordinal))
                {
                    continue;
                }

                foreach (var info in Walk(key[..^1], prefix, after))
                {
                    yield return info;
                }
            }
            else if (after is null || string.CompareOrdinal(key, after) > 0)
            {
                var file = (FileInfo)entry;
                if (file.Exists)
                {
                    yield return new ObjectInfo(key, file.Length, file.LastWriteTimeUtc);
                }
            }
        }
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
