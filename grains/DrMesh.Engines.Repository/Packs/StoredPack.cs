using DrMesh.Engines.Repository.Format;

namespace DrMesh.Engines.Repository.Packs;

/// <summary>A pack of one tier, its index read.</summary>
internal sealed record StoredPack(string Key, ulong Writer, uint Pack, uint Generation, long Length, PackEntry[] Entries);
