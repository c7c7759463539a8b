namespace DrMesh.Core.Backups.Storage;

/// <summary>An object being written. Disposing without completing leaves no object.</summary>
public interface IObjectUpload : IAsyncDisposable
{
    /// <summary>Bytes in all but the last part, so that a store with fixed parts need not copy.</summary>
    const int PartSize = 8 << 20;

    /// <summary>Appends a part. Calls may overlap: parts lie in the order of the calls. The buffer is the caller's again when the call's task has ended.</summary>
    /// <param name="part"><see cref="PartSize"/> bytes, or fewer for the last.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default);

    /// <summary>Makes the object visible and durable. False: an object of that key was there, and nothing changed.</summary>
    Task<bool> CompleteAsync(CancellationToken cancellationToken = default);
}
