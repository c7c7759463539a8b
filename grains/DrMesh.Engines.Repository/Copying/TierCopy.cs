using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Backups;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Packs;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Copying;

/// <summary>
/// Copies backups and log archives from one tier to another, objects as they are; each backup's manifest last. A marker in the target holds off its garbage collector meanwhile.
/// </summary>
internal sealed class TierCopy
{
    private readonly TierSet _tiers;
    private readonly CopyRequest _request;
    private readonly TimeProvider _time;
    private readonly IProgress<CopyProgress>? _progress;
    private readonly PackCopier _copier;
    private readonly ManifestReader _manifests;
    private readonly Tier _from;
    private readonly Tier _to;
    private long _objects;
    private long _bytes;
    private long _totalBytes;

    public TierCopy(TierSet tiers, CopyRequest request, TimeProvider time, IProgress<CopyProgress>? progress)
    {
        _tiers = tiers;
        _request = request;
        _time = time;
        _progress = progress;
        _from = tiers.Get(request.From);
        _to = tiers.Get(request.To);
        _manifests = new ManifestReader(tiers);
        _copier = new PackCopier(tiers, time) { OnWritten = Count };
    }

    public async Task<CopyReport> RunAsync(CancellationToken cancellationToken)
    {
        await _tiers.OpenAsync(_from, cancellationToken);
        await _tiers.OpenAsync(_to, cancellationToken);
        var wanted = await SelectAsync(cancellationToken);
        var logs = _request.Backup is null ? await MissingAsync(ObjectNames.Logs, cancellationToken) : [];
        var copied = new List<BackupId>();
        if (wanted.Count > 0)
        {
            _totalBytes = await MeasureAsync(wanted, cancellationToken) + logs.Sum(log => log.Length);
            var marker = await MarkAsync(cancellationToken);
            foreach (var (id, manifest) in wanted)
            {
                await CopyAsync(id, manifest, cancellationToken);
                copied.Add(id);
            }

            await CopyIndexesAsync(cancellationToken);
            await _to.Store.DeleteAsync(marker, cancellationToken);
        }

        foreach (var log in logs)
        {
            await _copier.CopyAsync(_from, _to, log.Key, log.Length, cancellationToken);
        }

        return new CopyReport { Backups = copied, Objects = _objects, Bytes = _bytes };
    }

    private async Task<List<(BackupId Id, Manifest Manifest)>> SelectAsync(CancellationToken cancellationToken)
    {
        var ids = _request.Backup is { } one
            ? [one]
            : (await MissingAsync(ObjectNames.Backups, cancellationToken)).Select(item => new BackupId(item.Key[ObjectNames.Backups.Length..])).ToList();
        var wanted = new List<(BackupId, Manifest)>();
        foreach (var id in ids)
        {
            if (await _to.Store.StatAsync(ObjectNames.Backup(id), cancellationToken) is null)
            {
                wanted.Add((id, await _manifests.TryReadAsync(_from, id, cancellationToken) ?? throw RepositoryErrors.BackupUnknown(id.Value)));
            }
        }

        return wanted;
    }

    private async Task CopyAsync(BackupId id, Manifest manifest, CancellationToken cancellationToken)
    {
        await _copier.EnsureAsync(_to, manifest.Packs, except: null, cancellationToken);
        var key = ObjectNames.Backup(id);
        var whole = await _from.Store.TryReadAllAsync(key, cancellationToken) ?? throw RepositoryErrors.BackupUnknown(id.Value);
        if (await _to.Store.PutAsync(key, whole, ifAbsent: true, cancellationToken))
        {
            Count(whole.Length);
        }
    }

    // An index is only worth having where all its packs are.
    private async Task CopyIndexesAsync(CancellationToken cancellationToken)
    {
        var directory = new PackDirectory(_tiers, _to);
        foreach (var item in await MissingAsync(ObjectNames.Indexes, cancellationToken))
        {
            if (await _from.Store.TryReadAllAsync(item.Key, cancellationToken) is not { } whole)
            {
                continue;
            }

            var isUseful = true;
            foreach (var pack in IndexObject.Decode(SealedObject.Open(ObjectKind.Index, item.Key, _tiers.Secret, whole), _from.NameOf(item.Key)))
            {
                isUseful &= (await directory.ListAsync(pack.Writer, cancellationToken)).ContainsKey(pack.Pack);
            }

            if (isUseful && await _to.Store.PutAsync(item.Key, whole, ifAbsent: true, cancellationToken))
            {
                Count(whole.Length);
            }
        }
    }

    private async Task<List<ObjectInfo>> MissingAsync(string prefix, CancellationToken cancellationToken)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var info in _to.Store.ListAsync(prefix, null, cancellationToken))
        {
            there.Add(info.Key);
        }

        var missing = new List<ObjectInfo>();
        await foreach (var info in _from.Store.ListAsync(prefix, null, cancellationToken))
        {
            if (!there.Contains(info.Key))
            {
                missing.Add(info);
            }
        }

        return missing;
    }

    private async Task<long> MeasureAsync(List<(BackupId Id, Manifest Manifest)> wanted, CancellationToken cancellationToken)
    {
        var source = new PackDirectory(_tiers, _from);
        var target = new PackDirectory(_tiers, _to);
        long bytes = 0;
        foreach (var writer in wanted.SelectMany(item => item.Manifest.Packs).GroupBy(pair => pair.Key, pair => pair.Value))
        {
            var has = await source.ListAsync(writer.Key, cancellationToken);
            var there = await target.ListAsync(writer.Key, cancellationToken);
            bytes += writer.SelectMany(packs => packs).Distinct()
                .Sum(pack => !there.ContainsKey(pack) && has.TryGetValue(pack, out var found) ? found.Length : 0);
        }

        return bytes;
    }

    private async Task<string> MarkAsync(CancellationToken cancellationToken)
    {
        var key = ObjectNames.Marker(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)));
        var marker = new WriterMarker
        {
            Backup = "",
            Source = "",
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            StartedAt = _time.GetUtcNow(),
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(marker, FormatJson.Default.WriterMarker);
        await _to.Store.PutAsync(key, SealedObject.Seal(ObjectKind.Writer, key, _tiers.Secret, body), ifAbsent: true, cancellationToken);
        return key;
    }

    private void Count(long bytes)
    {
        Interlocked.Increment(ref _objects);
        var done = Interlocked.Add(ref _bytes, bytes);
        _progress?.Report(new CopyProgress(done, Math.Max(done, _totalBytes)));
    }
}
