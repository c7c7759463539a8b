using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Tests.Harness;

/// <summary>Passes calls on until told to fail: as a process that is killed between two operations, or a store that answers no more.</summary>
internal sealed class FaultStore(IObjectStore inner) : IObjectStore
{
    private int _operations;

    /// <summary>Operations that still succeed; negative: all.</summary>
    public int FailAfter { get; set; } = -1;

    public Func<Exception> Failure { get; set; } = () => new IOException("killed");

    public int Operations => Volatile.Read(ref _operations);

    public string Address => inner.Address;

    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        Step();
        return inner.StatAsync(key, cancellationToken);
    }

    public Task<int> ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Step();
        return inner.ReadAsync(key, offset, buffer, cancellationToken);
    }

    public Task<bool> PutAsync(string key, ReadOnlyMemory<byte> content, bool ifAbsent, CancellationToken cancellationToken = default)
    {
        Step();
        return inner.PutAsync(key, content, ifAbsent, cancellationToken);
    }

    public async Task<IObjectUpload> BeginUploadAsync(string key, CancellationToken cancellationToken = default)
    {
        Step();
        return new Upload(this, await inner.BeginUploadAsync(key, cancellationToken));
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? after = null, CancellationToken cancellationToken = default)
    {
        Step();
        return inner.ListAsync(prefix, after, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        Step();
        return inner.DeleteAsync(key, cancellationToken);
    }

    public Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default) => inner.LockAsync(key, until, cancellationToken);

    public Task<int> RemoveStaleUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        inner.RemoveStaleUploadsAsync(before, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Step()
    {
        var operation = Interlocked.Increment(ref _operations);
        if (FailAfter >= 0 && operation > FailAfter)
        {
            throw Failure();
        }
    }

    private sealed class Upload(FaultStore store, IObjectUpload inner) : IObjectUpload
    {
        public Task WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default)
        {
            store.Step();
            return inner.WriteAsync(part, cancellationToken);
        }

        public Task<bool> CompleteAsync(CancellationToken cancellationToken = default)
        {
            store.Step();
            return inner.CompleteAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
