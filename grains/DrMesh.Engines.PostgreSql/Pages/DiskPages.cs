using DrMesh.Contracts.Databases;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>
/// Pages of a file that a server may be writing. A page caught in the middle of a write fails its check; it is read again until it is whole.
/// </summary>
internal sealed class DiskPages(SafeFileHandle file, string path, BadPages badPages, TimeProvider time) : IPageSource
{
    // A write of 8 KiB takes microseconds; what is still wrong after these waits (about 150 ms) is not being written.
    private static readonly TimeSpan[] Waits = [.. new[] { 1, 5, 20, 50, 75 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))];

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => ValueTask.FromResult(Read(buffer.Span, offset));

    /// <inheritdoc/>
    public async ValueTask VerifyAsync(Memory<byte> bytes, long offset, uint firstBlock, CancellationToken cancellationToken)
    {
        for (var position = 0; position + PageFormat.Size <= bytes.Length; position += PageFormat.Size)
        {
            var block = firstBlock + (uint)((offset + position) / PageFormat.Size);
            if (!PageFormat.IsValid(bytes.Span.Slice(position, PageFormat.Size), block))
            {
                await ReadAgainAsync(bytes.Slice(position, PageFormat.Size), offset + position, block, cancellationToken);
            }
        }
    }

    private int Read(Span<byte> buffer, long offset)
    {
        var done = 0;
        while (done < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    private async Task ReadAgainAsync(Memory<byte> page, long offset, uint block, CancellationToken cancellationToken)
    {
        foreach (var wait in Waits)
        {
            await Task.Delay(wait, time, cancellationToken);
            // The file may have been cut meanwhile: what stands in the buffer is then as good as anything, replay cuts it too.
            if (Read(page.Span, offset) < PageFormat.Size || PageFormat.IsValid(page.Span, block))
            {
                return;
            }
        }

        Lsn lsn = PageFormat.Lsn(page.Span);
        badPages.Add(path, block, lsn);
    }
}
