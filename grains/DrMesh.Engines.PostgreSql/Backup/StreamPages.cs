using DrMesh.Contracts.Databases;
using DrMesh.Engines.PostgreSql.Pages;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>Pages of a file that comes in a stream; a bad one cannot be read again at once, so it is noted and asked for at the end.</summary>
internal sealed class StreamPages(Stream stream, string path, SuspectPages suspects) : IPageSource
{
    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask VerifyAsync(Memory<byte> bytes, long offset, uint firstBlock, CancellationToken cancellationToken)
    {
        for (var position = 0; position + PageFormat.Size <= bytes.Length; position += PageFormat.Size)
        {
            var page = bytes.Span.Slice(position, PageFormat.Size);
            var block = firstBlock + (uint)((offset + position) / PageFormat.Size);
            if (!PageFormat.IsValid(page, block))
            {
                Lsn lsn = PageFormat.Lsn(page);
                suspects.Add(path, offset + position, block, lsn);
            }
        }

        return ValueTask.CompletedTask;
    }
}
