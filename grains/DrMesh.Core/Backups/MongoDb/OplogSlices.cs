using DrMesh.Core.Backups.Logs;

namespace DrMesh.Core.Backups.MongoDb;

/// <summary>The slices of an oplog archive.</summary>
public static class OplogSlices
{
    // Names are hexadecimal.
    private static readonly LogName First = new(OplogSliceName.Group, "0");
    private static readonly LogName Last = new(OplogSliceName.Group, "g");

    /// <summary>Every slice of an archive with its length as stored, bytes; in the order of their names.</summary>
    public static async Task<IReadOnlyList<(OplogSliceName Name, long StoredLength)>> OplogSlicesAsync(this ILogArchive archive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var slices = new List<(OplogSliceName, long)>();
        await foreach (var entry in archive.ListAsync(First, Last, cancellationToken))
        {
            if (OplogSliceName.TryParse(entry.Name, out var slice))
            {
                slices.Add((slice, entry.StoredLength));
            }
        }

        return slices;
    }
}
