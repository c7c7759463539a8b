using System.Collections.Concurrent;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Backups;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Garbage;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Verification;

/// <summary>Verifies a repository tier by tier: every object by itself, then that every backup's tree leads to packs that are there.</summary>
internal sealed class Verifier(TierSet tiers, VerifyRequest request, IProgress<VerifyProgress>? progress)
{
    private readonly int _workers = request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;
    private long _objects;
    private long _doneBytes;
    private long _totalBytes;

    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        var damages = new List<Damage>();
        foreach (var tier in request.Tier is { } name ? [tiers.Get(name)] : tiers.All)
        {
            var findings = new TierFindings(tier.Name);
            try
            {
                await tiers.OpenAsync(tier, cancellationToken);
                await VerifyTierAsync(tier, findings, cancellationToken);
            }
            catch (DrMeshException fault) when (RepositoryErrors.IsStoreFault(fault.Code))
            {
                findings.Report(ObjectNames.Repository, fault.Message);
            }

            damages.AddRange(findings.Damages);
        }

        return new VerifyReport { Objects = _objects, Bytes = _doneBytes, Damages = damages };
    }

    private async Task VerifyTierAsync(Tier tier, TierFindings findings, CancellationToken cancellationToken)
    {
        var (objects, backups) = await SelectAsync(tier, cancellationToken);
        _totalBytes += objects.Sum(item => item.Length);
        var verifiers = new ConcurrentBag<PackVerifier>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = _workers, CancellationToken = cancellationToken };

        // The largest first, so that no worker ends with a long one alone.
        await Parallel.ForEachAsync(objects.OrderByDescending(item => item.Length), options, async (item, token) =>
        {
            try
            {
                if (await CheckAsync(tier, item, findings, verifiers, token) is { } fault)
                {
                    findings.Report(item.Key, fault);
                }
            }
            catch (DrMeshException fault) when (RepositoryErrors.IsStoreFault(fault.Code) || fault.Code == DrMeshError.RepositoryFormatNewer)
            {
                findings.Report(item.Key, fault.Message);
            }

            Interlocked.Increment(ref _objects);
            progress?.Report(new VerifyProgress(Interlocked.Add(ref _doneBytes, item.Length), _totalBytes));
        });
        foreach (var verifier in verifiers)
        {
            verifier.Dispose();
        }

        var trees = new TreeVerifier(tiers, tier, findings, request.Depth == VerifyDepth.Presence);
        await Parallel.ForEachAsync(backups, options, async (id, token) => await trees.VerifyAsync(id, token));
    }

    private async Task<(List<ObjectInfo> Objects, List<BackupId> Backups)> SelectAsync(Tier tier, CancellationToken cancellationToken)
    {
        var objects = new List<ObjectInfo>();
        var backups = new List<BackupId>();
        if (request.Backup is { } one)
        {
            backups.Add(one);
            var manifest = await new ManifestReader(tiers).TryReadAsync(tier, one, cancellationToken)
                ?? throw RepositoryErrors.Missing(tier.NameOf(ObjectNames.Backup(one)));
            foreach (var prefix in manifest.Packs.Keys.SelectMany(PrefixesOf).Append(ObjectNames.Repository).Append(ObjectNames.Key(ObjectNames.RootKey(tiers.Head.Id), "")))
            {
                await AddAsync(tier, prefix, info => IsNeeded(manifest, info), objects, cancellationToken);
            }
        }
        else
        {
            await AddAsync(tier, "", _ => true, objects, cancellationToken);
            backups.AddRange(objects
                .Where(item => item.Key.StartsWith(ObjectNames.Backups, StringComparison.Ordinal))
                .Select(item => new BackupId(item.Key[ObjectNames.Backups.Length..])));
        }

        return (objects, backups);
    }

    private static IEnumerable<string> PrefixesOf(ulong writer) => [ObjectNames.PacksOf(writer), ObjectNames.Key(ObjectNames.Writer(writer), "")];

    private static bool IsNeeded(Manifest manifest, ObjectInfo info) =>
        ObjectNames.ParsePack(info.Key) is not { } pack || Array.BinarySearch(manifest.Packs[pack.Writer], pack.Pack) >= 0;

    private static async Task AddAsync(
        Tier tier, string prefix, Func<ObjectInfo, bool> isWanted, List<ObjectInfo> objects, CancellationToken cancellationToken)
    {
        await foreach (var info in tier.Store.ListAsync(prefix, null, cancellationToken))
        {
            if (isWanted(info))
            {
                objects.Add(info);
            }
        }
    }

    // Returns what is wrong with an object, or null. Manifests are checked with their trees.
    private async Task<string?> CheckAsync(
        Tier tier, ObjectInfo item, TierFindings findings, ConcurrentBag<PackVerifier> verifiers, CancellationToken cancellationToken)
    {
        if (ObjectNames.ParsePack(item.Key) is { } pack)
        {
            return await CheckPackAsync(tier, item, pack, findings, verifiers, cancellationToken);
        }

        if (request.Depth == VerifyDepth.Presence || item.Key.StartsWith(ObjectNames.Backups, StringComparison.Ordinal))
        {
            return item.Length == 0 ? "it is empty" : null;
        }

        // An object that went away since the listing (a marker, a part of a log) is no damage.
        if (await tier.Store.TryReadAllAsync(item.Key, cancellationToken) is not { } whole)
        {
            return null;
        }

        var name = tier.NameOf(item.Key);
        switch (item.Key[..(item.Key.IndexOf('/', StringComparison.Ordinal) + 1)])
        {
            case ObjectNames.Keys:
                ObjectFrame.Unwrap(ObjectKind.Key, whole, name);
                await CheckKeyAsync(tier, item.Key, cancellationToken);
                return null;
            case ObjectNames.Writers:
                SealedObject.Open(ObjectKind.Writer, item.Key, tiers.Secret, whole);
                return null;
            case ObjectNames.Indexes:
                IndexObject.Decode(SealedObject.Open(ObjectKind.Index, item.Key, tiers.Secret, whole), name);
                return null;
            case ObjectNames.Garbage:
                CondemnedPack.Decode(SealedObject.Open(ObjectKind.Garbage, item.Key, tiers.Secret, whole), name);
                return null;
            case ObjectNames.Logs:
                SealedObject.Open(ObjectKind.Log, item.Key, tiers.Secret, whole);
                return null;
            default:
                if (item.Key == ObjectNames.Repository)
                {
                    ObjectFrame.Unwrap(ObjectKind.Repository, whole, name);
                    return null;
                }

                return "it is no object of a repository";
        }
    }

    private async Task<string?> CheckPackAsync(
        Tier tier,
        ObjectInfo item,
        (ulong Writer, uint Pack, uint Generation) pack,
        TierFindings findings,
        ConcurrentBag<PackVerifier> verifiers,
        CancellationToken cancellationToken)
    {
        findings.Packs.TryAdd((pack.Writer, pack.Pack), (item.Key, null));
        if (request.Depth == VerifyDepth.Presence)
        {
            return item.Length < ObjectFrame.HeaderLength + PackIndex.TrailerLength ? $"it has only {item.Length} bytes" : null;
        }

        if (!verifiers.TryTake(out var verifier))
        {
            verifier = new PackVerifier(tiers, tier);
        }

        try
        {
            var (facts, fault) = await verifier.VerifyAsync(pack, item.Length, request.Depth, cancellationToken);
            findings.Packs.AddOrUpdate(
                (pack.Writer, pack.Pack),
                (item.Key, facts),
                (_, known) => string.CompareOrdinal(known.Key, item.Key) <= 0 ? (item.Key, facts) : known);
            return fault;
        }
        finally
        {
            verifiers.Add(verifier);
        }
    }

    // A key under another key-encryption key cannot be opened here; that it is whole was checked.
    private async Task CheckKeyAsync(Tier tier, string key, CancellationToken cancellationToken)
    {
        var parts = key.Split('/');
        var isStray = parts[1].StartsWith(ObjectNames.RootKey(""), StringComparison.Ordinal) && parts[1] != ObjectNames.RootKey(tiers.Head.Id);
        if (parts.Length == 3 && parts[2] == tier.Keys.KeyId && !isStray)
        {
            await tier.ReadKeyAsync(tiers.Head.Id, parts[1], cancellationToken);
        }
    }
}
