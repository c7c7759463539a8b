using DrMesh.Core.Backups.Storage;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>A part of a pack on its way to the tiers; goes back to its pool when the last of them has written it.</summary>
internal sealed class PartBuffer(PartPool pool)
{
    private int _readers;

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(IObjectUpload.PartSize);

    public int Used { get; set; }

    public int Free => Bytes.Length - Used;

    /// <summary>Called once, before the first <see cref="Release"/>.</summary>
    public void ShareWith(int readers) => _readers = readers;

    public void Release()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            Used = 0;
            pool.Return(this);
        }
    }
}
