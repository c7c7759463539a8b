namespace DrMesh.Engines.PostgreSql.Pages;

/// <summary>A file's bytes, from a disk or from a stream; read from the beginning to the end.</summary>
internal interface IPageSource
{
    /// <summary>Fills the buffer from <paramref name="offset"/> on; fewer bytes only at the file's end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);

    /// <summary>Checks the whole pages just read; replaces those that were torn where it can, notes those that stay bad.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="offset">Where in the file.</param>
    /// <param name="firstBlock">The block number, within the relation, of the file's first page.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    ValueTask VerifyAsync(Memory<byte> bytes, long offset, uint firstBlock, CancellationToken cancellationToken);
}
