using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.Console.Commands.Wal;

/// <summary>Reads a WAL file from the tiers of a repository.</summary>
internal static class WalReading
{
    /// <summary>
    /// The file as the server must see it: a segment that is not whole yet is filled with zeros, where replay ends. Null: every tier answered and none has it.
    /// </summary>
    /// <exception cref="DrMeshException">No tier has it, and one of them did not answer.</exception>
    public static async Task<byte[]?> ReadAsync(IBackupRepository repository, string cluster, LogName name, CancellationToken cancellationToken)
    {
        LogContent? best = null;
        DrMeshException? silent = null;
        foreach (var tier in repository.Tiers)
        {
            try
            {
                var content = await repository.OpenLog(cluster, tier).ReadAsync(name, cancellationToken);
                if (content is { IsComplete: true })
                {
                    return content.Content.ToArray();
                }

                best = content is not null && (best is null || content.Content.Length > best.Content.Length) ? content : best;
            }
            catch (DrMeshException failure)
            {
                silent = failure;
            }
        }

        return best is not null ? Filled(best.Content) : silent is null ? null : throw silent;
    }

    private static byte[] Filled(ReadOnlyMemory<byte> content)
    {
        // The segment's size stands in the long header of its first page (xlp_seg_size, offset 32).
        var size = content.Length >= 36 ? BitConverter.ToInt32(content.Span[32..]) : content.Length;
        var bytes = new byte[Math.Max(size, content.Length)];
        content.CopyTo(bytes);
        return bytes;
    }
}
