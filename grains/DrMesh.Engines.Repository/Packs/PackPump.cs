using System.Threading.Channels;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>A part of a pack in the order of the pack; <paramref name="IsLast"/> completes the pack.</summary>
internal readonly record struct PackPart(string Key, PartBuffer Buffer, bool IsLast);

/// <summary>
/// Writes parts to one tier. Parts of a pack and the end of the pack before it go on at once. When the store fails, the tier is lost: what comes later is dropped, and
/// <see cref="Failure"/> says why.
/// </summary>
internal sealed class PackPump : IAsyncDisposable
{
    private const int PartsAtOnce = 3;
    private readonly IObjectStore _store;
    private readonly Channel<PackPart> _parts = Channel.CreateUnbounded<PackPart>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(PartsAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private DrMeshException? _failure;
    private long _storedBytes;

    public PackPump(IObjectStore store)
    {
        _store = store;
        _running = Task.Run(RunAsync);
    }

    public DrMeshException? Failure => Volatile.Read(ref _failure);

    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    public void Add(PackPart part) => _parts.Writer.TryWrite(part);

    /// <summary>Waits until all packs are complete, or the tier is lost.</summary>
    public Task FinishAsync(CancellationToken cancellationToken)
    {
        _parts.Writer.TryComplete();
        return _running.WaitAsync(cancellationToken);
    }

    /// <summary>Ends without completing what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _parts.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _room.Dispose();
    }

    private async Task RunAsync()
    {
        var packs = new List<Task>();
        IObjectUpload? upload = null;
        var writes = new List<Task>();
        await foreach (var part in _parts.Reader.ReadAllAsync())
        {
            await _room.WaitAsync();
            upload ??= await BeginAsync(part.Key);
            writes.Add(WriteAsync(upload, part.Buffer));
            if (part.IsLast)
            {
                packs.RemoveAll(pack => pack.IsCompleted);
                packs.Add(CompleteAsync(part.Key, upload, Task.WhenAll(writes)));
                upload = null;
                writes = [];
            }
        }

        await Task.WhenAll(writes);
        await Task.WhenAll(packs);
        if (upload is not null)
        {
            await GuardAsync(() => upload.DisposeAsync().AsTask(), always: true);
        }
    }

    private async Task<IObjectUpload?> BeginAsync(string key)
    {
        IObjectUpload? upload = null;
        await GuardAsync(async () => upload = await _store.BeginUploadAsync(key, _stop.Token));
        return upload;
    }

    private async Task WriteAsync(IObjectUpload? upload, PartBuffer buffer)
    {
        if (upload is not null)
        {
            await GuardAsync(async () =>
            {
                await upload.WriteAsync(buffer.Bytes.AsMemory(0, buffer.Used), _stop.Token);
                Interlocked.Add(ref _storedBytes, buffer.Used);
            });
        }

        buffer.Release();
        _room.Release();
    }

    private async Task CompleteAsync(string key, IObjectUpload? upload, Task written)
    {
        // Completing a file syncs it: meanwhile the parts of the next pack are written.
        await Task.Yield();
        await written;
        if (upload is null)
        {
            return;
        }

        await GuardAsync(async () =>
        {
            if (!await upload.CompleteAsync(_stop.Token))
            {
                throw RepositoryErrors.Refused($"{_store.Address}/{key}", "an object of that name is there already");
            }
        });
        await GuardAsync(() => upload.DisposeAsync().AsTask(), always: true);
    }

    private async Task GuardAsync(Func<Task> action, bool always = false)
    {
        try
        {
            if (always || (Failure is null && !_stop.IsCancellationRequested))
            {
                await action();
            }
        }
        catch (Exception failure)
        {
            Lose(failure);
        }
    }

    // Whatever it is, the tier cannot be said to hold the packs; a bug shows with its own words.
    private void Lose(Exception failure) => Interlocked.CompareExchange(
        ref _failure,
        failure as DrMeshException ?? RepositoryErrors.Unreachable(_store.Address, failure.Message, failure),
        null);
}
