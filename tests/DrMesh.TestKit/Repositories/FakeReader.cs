using System.Runtime.CompilerServices;
using DrMesh.Core.Backups;
using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Repositories;

/// <summary>A backup read from memory.</summary>
internal sealed class FakeReader(FakeRepository repository, FakeBackup backup) : IBackupReader
{
    public BackupSummary Summary => backup.Summary;

    public async IAsyncEnumerable<BackupFile> FilesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var file in backup.Files.Values)
        {
            yield return file;
        }
    }

    public ValueTask<BackupFile?> FindFileAsync(string path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(backup.Files.GetValueOrDefault(path));

    public ValueTask ReadAsync(ChunkSlice slice, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (slice.Chunk == ChunkRef.Zeros)
        {
            buffer.Span[..slice.Length].Clear();
        }
        else
        {
            repository.Chunks[slice.Chunk].AsSpan(slice.Offset, slice.Length).CopyTo(buffer.Span);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<int> ReadAsync(BackupFile file, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var content = await ContentAsync(file);
        var length = (int)Math.Min(buffer.Length, content.Length - offset);
        content.AsSpan((int)offset, length).CopyTo(buffer.Span);
        return length;
    }

    public async Task<RestoreReport> RestoreAsync(RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        foreach (var root in backup.Summary.Roots)
        {
            var location = request.RootMap.GetValueOrDefault(root.Location) ?? request.RootMap.GetValueOrDefault(root.Path) ?? root.Location;
            Directory.CreateDirectory(location);
            var link = Path.Combine(request.TargetDirectory, root.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            if (!Directory.Exists(link))
            {
                File.CreateSymbolicLink(link, location);
            }
        }

        long written = 0;
        foreach (var file in backup.Files.Values.Where(file => request.Filter?.Invoke(file) ?? true).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var path = Path.Combine(request.TargetDirectory, file.Path);
            if (file.Kind == BackupFileKind.Directory)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var content = await ContentAsync(file);
                await File.WriteAllBytesAsync(path, content, cancellationToken);
                written += content.Length;
            }

            File.SetUnixFileMode(path, file.Mode);
        }

        File.SetUnixFileMode(request.TargetDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (request.Owner is { } owner && Environment.IsPrivilegedProcess)
        {
            string[] places = [request.TargetDirectory, .. backup.Summary.Roots.Select(root => Path.Combine(request.TargetDirectory, root.Path) + "/")];
            (await ToolProcess.RunAsync(new ToolCommand { Program = "chown", Arguments = ["-R", $"{owner}:", .. places] }, cancellationToken)).EnsureSuccess("see chown");
        }

        return new RestoreReport { Files = backup.Files.Count, TotalBytes = written, WrittenBytes = written, RemovedPaths = 0, ReadBytes = written };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<byte[]> ContentAsync(BackupFile file)
    {
        var content = new byte[file.Length];
        for (var index = 0; index < file.Extents.Length; index++)
        {
            var extent = file.Extents.Span[index];
            await ReadAsync(extent.Source, content.AsMemory((int)extent.FileOffset, extent.Length));
        }

        return content;
    }
}
