using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Crypto;
using DrMesh.Engines.Repository.Dedup;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Manifests;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Backups;

/// <summary>
/// How a writer begins: a number and a data key of its own, then its marker in every tier, and only then a look at what is condemned. The garbage collector in turn removes
/// nothing while a marker older than the condemnation stands; so a writer never builds on what goes away under it.
/// </summary>
internal sealed record WriterStart(ulong Writer, DataKey Key, IReadOnlyList<TargetTier> Targets, ChunkIndexLoader Loader, IReadOnlyList<ulong> OrphanWriters)
{
    public static async Task<WriterStart> BeginAsync(TierSet tiers, BackupDraft draft, TimeProvider time, CancellationToken cancellationToken)
    {
        ObjectNames.Check(draft.Id.Value, "backup", 120);
        ObjectNames.Check(draft.Source, "source", 120);
        var targets = tiers.All.Select(tier => new TargetTier(tier)).ToArray();
        await Task.WhenAll(targets.Select(target => target.TryAsync(async tier =>
        {
            await tiers.OpenAsync(tier, cancellationToken);
            if (await tier.Store.StatAsync(ObjectNames.Backup(draft.Id), cancellationToken) is not null)
            {
                throw RepositoryErrors.BackupExists(draft.Id.Value);
            }
        })));

        var writer = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;
        var key = DataKey.Create();
        tiers.Remember(writer, key);
        await Task.WhenAll(targets.Select(target => target.TryAsync(async tier =>
        {
            await tier.WriteKeyAsync(tiers.Head.Id, ObjectNames.Writer(writer), key.Bytes, cancellationToken);
            await tier.Store.PutAsync(
                ObjectNames.Marker(writer), Marker(tiers, writer, draft, time), ifAbsent: true, cancellationToken);
            target.HasParent = draft.Parent is not { } parent || await tier.Store.StatAsync(ObjectNames.Backup(parent), cancellationToken) is not null;
        })));

        var live = targets.Where(target => target.IsLive).Select(target => target.Tier).ToArray();
        if (live.Length == 0)
        {
            ExceptionDispatchInfo.Throw(targets[0].Failure!);
        }

        if (draft.Parent is { } id && !Array.Exists(targets, target => target.IsLive && target.HasParent))
        {
            throw RepositoryErrors.BackupUnknown(id.Value);
        }

        var loader = new ChunkIndexLoader(tiers, live);
        await loader.LoadCondemnedAsync(cancellationToken);
        return new WriterStart(writer, key, targets, loader, await FindOrphansAsync(tiers, live[0], writer, draft.Source, cancellationToken));
    }

    private static byte[] Marker(TierSet tiers, ulong writer, BackupDraft draft, TimeProvider time)
    {
        var marker = new WriterMarker
        {
            Backup = draft.Id.Value,
            Source = draft.Source,
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            StartedAt = time.GetUtcNow(),
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(marker, FormatJson.Default.WriterMarker);
        return SealedObject.Seal(ObjectKind.Writer, ObjectNames.Marker(writer), tiers.Secret, body);
    }

    private static async Task<IReadOnlyList<ulong>> FindOrphansAsync(
        TierSet tiers, Tier tier, ulong own, string source, CancellationToken cancellationToken)
    {
        var orphans = new List<ulong>();
        await foreach (var info in tier.Store.ListAsync(ObjectNames.Writers, null, cancellationToken))
        {
            if (await ReadMarkerAsync(tiers, tier, info, cancellationToken) is { } found && found.Writer != own && found.Marker.Source == source)
            {
                orphans.Add(found.Writer);
            }
        }

        return orphans;
    }

    /// <summary>Reads a marker; null when it went away meanwhile.</summary>
    public static async Task<(ulong Writer, WriterMarker Marker)?> ReadMarkerAsync(
        TierSet tiers, Tier tier, ObjectInfo info, CancellationToken cancellationToken)
    {
        if (await tier.Store.TryReadAllAsync(info.Key, cancellationToken) is not { } whole)
        {
            return null;
        }

        var plain = SealedObject.Open(ObjectKind.Writer, info.Key, tiers.Secret, whole);
        var marker = JsonSerializer.Deserialize(plain, FormatJson.Default.WriterMarker)!;
        return (ulong.Parse(info.Key[ObjectNames.Writers.Length..], System.Globalization.NumberStyles.AllowHexSpecifier), marker);
    }
}
