using System.Collections.Concurrent;
using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>Sealers of one writer, as many as callers work at once.</summary>
internal sealed class SealerPool(ReadOnlyMemory<byte> key, int compressionLevel) : IDisposable
{
    private readonly ConcurrentBag<FrameSealer> _free = [];

    public FrameSealer Take() => _free.TryTake(out var sealer) ? sealer : new FrameSealer(key.Span, compressionLevel);

    public void Return(FrameSealer sealer) => _free.Add(sealer);

    public void Dispose()
    {
        while (_free.TryTake(out var sealer))
        {
            sealer.Dispose();
        }
    }
}
