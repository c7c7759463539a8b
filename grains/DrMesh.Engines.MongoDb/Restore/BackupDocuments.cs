using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>Reads a backup's files: documents one by one, small files whole.</summary>
internal static class BackupDocuments
{
    private const int LargestDocument = (16 << 20) + (16 << 10);

    /// <summary>The raw documents of a <c>.bson</c> file, in order.</summary>
    /// <exception cref="Contracts.Errors.DrMeshException">The file ends within a document, or is damaged.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(IBackupReader backup, BackupFile file, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var buffer = new byte[ChunkSize.Maximum];
        var filled = 0;
        var used = 0;
        for (long offset = 0; ;)
        {
            var length = filled - used >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(used)) : 0;
            if (length is not 0 and (< 5 or > LargestDocument))
            {
                throw MongoErrors.Damaged(backup.Summary.Id, $"{file.Path} has a document of {length} bytes");
            }

            if (length > 0 && filled - used >= length)
            {
                yield return buffer[used..(used + length)];
                used += length;
                continue;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            (filled, used) = (filled - used, 0);
            if (length > buffer.Length)
            {
                Array.Resize(ref buffer, length);
            }

            var read = await backup.ReadAsync(file, offset, buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                if (filled > 0)
                {
                    throw MongoErrors.Damaged(backup.Summary.Id, $"{file.Path} ends within a document");
                }

                yield break;
            }

            offset += read;
            filled += read;
        }
    }

    public static async Task<byte[]> ReadAllAsync(IBackupReader backup, BackupFile file, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Length];
        for (var at = 0; at < bytes.Length;)
        {
            var read = await backup.ReadAsync(file, at, bytes.AsMemory(at), cancellationToken);
            at += read > 0 ? read : throw MongoErrors.Damaged(backup.Summary.Id, $"{file.Path} is shorter than it says");
        }

        return bytes;
    }
}
