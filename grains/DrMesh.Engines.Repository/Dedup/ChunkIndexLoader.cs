using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Garbage;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Dedup;

/// <summary>
/// Loads what a writer may build on: packs that an index names in every tier it writes to, and packs that dead or living writers of the same source have completed in all
/// of them; never what the garbage collector has condemned.
/// </summary>
internal sealed class ChunkIndexLoader(TierSet tiers, IReadOnlyList<Tier> targets)
{
    private readonly HashSet<(ulong Writer, uint Pack)> _condemnedPacks = [];
    private readonly HashSet<ChunkRef> _condemnedChunks = [];
    private readonly HashSet<(string Tier, ulong Writer, uint Pack)> _condemnedIn = [];

    /// <summary>Packs of writers that have not committed; whoever commits on top of them writes their index.</summary>
    public Dictionary<(ulong Writer, uint Pack), IndexedPack> Orphans { get; } = [];

    /// <summary>Reads the condemned lists. Must come after the writer's own marker is in every tier.</summary>
    public async Task LoadCondemnedAsync(CancellationToken cancellationToken)
    {
        foreach (var tier in targets)
        {
            await foreach (var info in tier.Store.ListAsync(ObjectNames.Garbage, null, cancellationToken))
            {
                if (await tier.Store.TryReadAllAsync(info.Key, cancellationToken) is { } whole)
                {
                    var name = tier.NameOf(info.Key);
                    foreach (var pack in CondemnedPack.Decode(SealedObject.Open(ObjectKind.Garbage, info.Key, tiers.Secret, whole), name))
                    {
                        Condemn(pack);
                        _condemnedIn.Add((tier.Name, pack.Writer, pack.Pack));
                    }
                }
            }
        }
    }

    /// <summary>Whether a pack was condemned in a tier, whole or in part, when the writer began.</summary>
    public bool IsCondemned(Tier tier, ulong writer, uint pack) => _condemnedIn.Contains((tier.Name, writer, pack));

    public async Task<ChunkIndex> LoadAsync(IReadOnlyList<ulong> orphanWriters, CancellationToken cancellationToken)
    {
        var chunks = new List<(ChunkId, ChunkRef)>();
        foreach (var writer in orphanWriters)
        {
            await AddOrphansAsync(writer, chunks, cancellationToken);
        }

        foreach (var info in await ListCommonAsync(cancellationToken))
        {
            if (chunks.Count >= ChunkIndex.MostChunks)
            {
                break;
            }

            foreach (var pack in await ReadIndexAsync(info.Key, cancellationToken))
            {
                Add(pack, chunks);
            }
        }

        return new ChunkIndex(chunks);
    }

    private void Condemn(CondemnedPack pack)
    {
        if (pack.IsWhole)
        {
            _condemnedPacks.Add((pack.Writer, pack.Pack));
        }

        foreach (var entry in pack.Entries)
        {
            _condemnedChunks.Add(new ChunkRef(pack.Writer, pack.Pack, entry));
        }
    }

    private void Add(IndexedPack pack, List<(ChunkId, ChunkRef)> chunks)
    {
        if (!_condemnedPacks.Contains((pack.Writer, pack.Pack)))
        {
            chunks.AddRange(pack.Refs.Where(chunk => !_condemnedChunks.Contains(chunk.Chunk)));
        }
    }

    // The newest index objects that every target tier has.
    private async Task<List<ObjectInfo>> ListCommonAsync(CancellationToken cancellationToken)
    {
        var common = new Dictionary<string, (ObjectInfo Info, int Tiers)>();
        foreach (var tier in targets)
        {
            await foreach (var info in tier.Store.ListAsync(ObjectNames.Indexes, null, cancellationToken))
            {
                common[info.Key] = (info, common.TryGetValue(info.Key, out var seen) ? seen.Tiers + 1 : 1);
            }
        }

        return [.. common.Values.Where(item => item.Tiers == targets.Count).Select(item => item.Info).OrderByDescending(info => info.ModifiedAt)];
    }

    private async Task<List<IndexedPack>> ReadIndexAsync(string key, CancellationToken cancellationToken)
    {
        // An index that is damaged, or that garbage collection replaces at this moment, costs repeats, not the backup; verify reports it.
        foreach (var tier in targets)
        {
            try
            {
                if (await tier.Store.TryReadAllAsync(key, cancellationToken) is { } whole)
                {
                    return IndexObject.Decode(SealedObject.Open(ObjectKind.Index, key, tiers.Secret, whole), tier.NameOf(key));
                }
            }
            catch (DrMeshException damaged) when (damaged.Code == DrMeshError.RepositoryObjectDamaged)
            {
                continue;
            }
        }

        return [];
    }

    private async Task AddOrphansAsync(ulong writer, List<(ChunkId, ChunkRef)> chunks, CancellationToken cancellationToken)
    {
        var directories = targets.Select(tier => new PackDirectory(tiers, tier)).ToArray();
        var common = await directories[0].ListAsync(writer, cancellationToken);
        foreach (var other in directories[1..])
        {
            var listed = await other.ListAsync(writer, cancellationToken);
            common = common.Where(pack => listed.ContainsKey(pack.Key)).ToDictionary();
        }

        foreach (var pack in common.Keys)
        {
            try
            {
                var opened = await directories[0].OpenAsync(writer, pack, cancellationToken);
                var indexed = IndexObject.Of(writer, pack, opened.Entries);
                Orphans[(writer, pack)] = indexed;
                Add(indexed, chunks);
            }
            catch (DrMeshException damaged) when (RepositoryErrors.IsStoreFault(damaged.Code))
            {
                // What cannot be opened is not built on.
            }
        }
    }
}
