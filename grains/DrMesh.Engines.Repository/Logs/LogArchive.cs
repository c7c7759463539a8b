using System.Globalization;
using System.Runtime.CompilerServices;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.Storage;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Stores;
using DrMesh.Engines.Repository.Tiers;

namespace DrMesh.Engines.Repository.Logs;

/// <summary>
/// A source's log objects in one tier. A complete one is <c>logs/SOURCE/GROUP/NAME</c>, created only if absent; the beginning of one is the same with <c>.part-LENGTH</c>, the
/// length in eight hexadecimal digits, so that the longest sorts last.
/// </summary>
internal sealed class LogArchive(TierSet tiers, Tier tier, string source) : ILogArchive
{
    // Level 1 keeps up with a stream; segments are mostly page images, where higher levels gain little.
    private const int CompressionLevel = 1;

    public string Source { get; } = source;

    public string Tier { get; } = tier.Name;

    public async Task<bool> WriteAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(name);
        await tiers.OpenAsync(tier, cancellationToken);
        var isNew = await tier.Store.PutAsync(key, Seal(key, content), ifAbsent: true, cancellationToken);
        var there = isNew ? null : await OpenAsync(key, cancellationToken);
        if (!isNew && !content.Span.SequenceEqual(there))
        {
            throw new DrMeshException(
                DrMeshError.RepositoryLogConflict,
                $"{tier.NameOf(key)} is archived with other content",
                "another server archives under the same source; a restored copy must not archive, or needs a source of its own");
        }

        await foreach (var part in tier.Store.ListAsync(key + ObjectNames.LogPart, null, cancellationToken))
        {
            await tier.Store.DeleteAsync(part.Key, cancellationToken);
        }

        return isNew;
    }

    public async Task WritePartialAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(name);
        await tiers.OpenAsync(tier, cancellationToken);
        var there = await PartsAsync(key, cancellationToken);
        if (there.IsComplete || there.Parts.Any(part => part.Length >= content.Length))
        {
            return;
        }

        var partKey = $"{key}{ObjectNames.LogPart}{content.Length:x8}";
        await tier.Store.PutAsync(partKey, Seal(partKey, content), ifAbsent: true, cancellationToken);
        foreach (var (shorter, _) in there.Parts)
        {
            await tier.Store.DeleteAsync(shorter, cancellationToken);
        }
    }

    public async Task<LogContent?> ReadAsync(LogName name, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(name);
        await tiers.OpenAsync(tier, cancellationToken);
        if (await OpenAsync(key, cancellationToken) is { } whole)
        {
            return new LogContent(name, IsComplete: true, whole);
        }

        // A longer part may replace the one that was listed: then the next listing shows it.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var there = await PartsAsync(key, cancellationToken);
            if (there.IsComplete)
            {
                return new LogContent(name, IsComplete: true, await OpenAsync(key, cancellationToken));
            }

            if (there.Parts.Count == 0)
            {
                return null;
            }

            if (await OpenAsync(there.Parts[^1].Key, cancellationToken) is { } part)
            {
                return new LogContent(name, IsComplete: false, part);
            }
        }

        throw RepositoryErrors.Unreachable(tier.NameOf(key), "it is replaced faster than it can be read");
    }

    public async IAsyncEnumerable<LogEntry> ListAsync(
        LogName? from = null, LogName? to = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await tiers.OpenAsync(tier, cancellationToken);
        var after = from is { } first ? PreviousOf(ObjectNames.Log(Source, first)) : null;
        LogEntry? pending = null;
        await foreach (var info in tier.Store.ListAsync(ObjectNames.LogsOf(Source), after, cancellationToken))
        {
            var entry = EntryOf(info);
            if (from > entry.Name)
            {
                continue;
            }

            // Of one name, the complete object is listed first and the parts after it, the longest last.
            if (pending is not null && pending.Name != entry.Name)
            {
                yield return pending;
            }

            if (to < entry.Name)
            {
                yield break;
            }

            pending = pending?.Name == entry.Name && pending.IsComplete ? pending : entry;
        }

        if (pending is not null)
        {
            yield return pending;
        }
    }

    public async Task<LogEntry?> LastAsync(string group, CancellationToken cancellationToken = default)
    {
        LogEntry? last = null;
        await foreach (var entry in ListAsync(new LogName(group, "0"), new LogName(group, "zzzz"), cancellationToken))
        {
            last = entry.Name.Group == group ? entry : last;
        }

        return last;
    }

    public async Task<long> DeleteBeforeAsync(LogName before, CancellationToken cancellationToken = default)
    {
        await tiers.OpenAsync(tier, cancellationToken);
        long removed = 0;
        await foreach (var info in tier.Store.ListAsync($"{ObjectNames.LogsOf(Source)}{before.Group}/", null, cancellationToken))
        {
            if (EntryOf(info).Name >= before)
            {
                break;
            }

            await tier.Store.DeleteAsync(info.Key, cancellationToken);
            removed++;
        }

        return removed;
    }

    private string KeyOf(LogName name)
    {
        ObjectNames.Check(name.Group, "log group", 64);
        ObjectNames.Check(name.Name, "log", 64);
        if (name.Name.Contains(ObjectNames.LogPart, StringComparison.Ordinal))
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"log \"{name.Name}\" is not usable", $"a name does not hold {ObjectNames.LogPart}");
        }

        return ObjectNames.Log(Source, name);
    }

    private byte[] Seal(string key, ReadOnlyMemory<byte> content) =>
        SealedObject.Seal(ObjectKind.Log, key, tiers.Secret, content.Span, CompressionLevel);

    private async Task<byte[]?> OpenAsync(string key, CancellationToken cancellationToken) =>
        await tier.Store.TryReadAllAsync(key, cancellationToken) is { } whole ? SealedObject.Open(ObjectKind.Log, key, tiers.Secret, whole) : null;

    private async Task<(bool IsComplete, List<(string Key, long Length)> Parts)> PartsAsync(string key, CancellationToken cancellationToken)
    {
        var isComplete = await tier.Store.StatAsync(key, cancellationToken) is not null;
        var parts = new List<(string Key, long Length)>();
        await foreach (var info in tier.Store.ListAsync(key + ObjectNames.LogPart, null, cancellationToken))
        {
            parts.Add((info.Key, EntryOf(info).PlainLength));
        }

        return (isComplete, parts);
    }

    private LogEntry EntryOf(ObjectInfo info)
    {
        var path = info.Key[ObjectNames.LogsOf(Source).Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var mark = path.LastIndexOf(ObjectNames.LogPart, StringComparison.Ordinal);
        var isComplete = mark < 0
            || !long.TryParse(path.AsSpan(mark + ObjectNames.LogPart.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
        var length = isComplete ? -1 : long.Parse(path.AsSpan(mark + ObjectNames.LogPart.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var name = isComplete ? path[(slash + 1)..] : path[(slash + 1)..mark];
        return new LogEntry(new LogName(path[..slash], name), isComplete, length, info.Length, info.ModifiedAt);
    }

    // A key that sorts just before the one given and its parts.
    private static string PreviousOf(string key) => key[..^1] + (char)(key[^1] - 1) + '~';
}
