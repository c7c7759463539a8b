namespace DrMesh.Core.Backups;

/// <summary>Arithmetic of a file's extents.</summary>
public static class ExtentMap
{
    /// <summary>
    /// A file's content after a change: <paramref name="changed"/> where it says something, <paramref name="before"/> elsewhere, cut at <paramref name="length"/>. Runs that follow
    /// each other in the same chunk become one; runs of <see cref="ChunkRef.Zeros"/> become holes.
    /// </summary>
    /// <param name="before">The parent's extents, in order, without overlap; empty for a new file.</param>
    /// <param name="changed">The new extents, in order, without overlap.</param>
    /// <param name="length">The file's new length, bytes. A file that grew has a hole where nothing covers it.</param>
    public static Extent[] Overlay(ReadOnlySpan<Extent> before, ReadOnlySpan<Extent> changed, long length)
    {
        var result = new List<Extent>(before.Length + (2 * changed.Length));
        var next = 0;
        foreach (var extent in before)
        {
            var position = extent.FileOffset;
            while (position < extent.FileEnd)
            {
                while (next < changed.Length && changed[next].FileEnd <= position)
                {
                    Append(result, changed[next++], length);
                }

                if (next < changed.Length && changed[next].FileOffset <= position)
                {
                    position = Math.Min(changed[next].FileEnd, extent.FileEnd);
                    continue;
                }

                var end = next < changed.Length ? Math.Min(changed[next].FileOffset, extent.FileEnd) : extent.FileEnd;
                Append(result, Part(extent, position, end), length);
                position = end;
            }
        }

        for (; next < changed.Length; next++)
        {
            Append(result, changed[next], length);
        }

        return [.. result];
    }

    /// <summary>The part of <paramref name="extent"/> between two offsets of the file that lie in it.</summary>
    public static Extent Part(Extent extent, long begin, long end) => new(
        begin,
        extent.Source with
        {
            Offset = extent.Source.Chunk == ChunkRef.Zeros ? 0 : extent.Source.Offset + (int)(begin - extent.FileOffset),
            Length = (int)(end - begin),
        });

    private static void Append(List<Extent> result, Extent extent, long length)
    {
        if (extent.Source.Chunk == ChunkRef.Zeros || extent.FileOffset >= length)
        {
            return;
        }

        if (extent.FileEnd > length)
        {
            extent = Part(extent, extent.FileOffset, length);
        }

        if (result.Count > 0)
        {
            var last = result[^1];
            if (last.FileEnd == extent.FileOffset && last.Source.Chunk == extent.Source.Chunk
                && last.Source.Offset + last.Length == extent.Source.Offset)
            {
                result[^1] = last with { Source = last.Source with { Length = last.Length + extent.Length } };
                return;
            }
        }

        result.Add(extent);
    }
}
