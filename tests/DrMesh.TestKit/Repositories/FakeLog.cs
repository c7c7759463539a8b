using System.Runtime.CompilerServices;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;

namespace DrMesh.TestKit.Repositories;

/// <summary>A log archive in memory.</summary>
internal sealed class FakeLog(FakeRepository repository, string source, string tier) : ILogArchive
{
    private readonly SortedDictionary<LogName, byte[]> _complete = [];
    private readonly SortedDictionary<LogName, byte[]> _partial = [];

    public string Source => source;

    public string Tier => tier;

    public Task<bool> WriteAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        repository.EnsureReachable(tier);
        lock (_complete)
        {
            if (_complete.TryGetValue(name, out var there))
            {
                return content.Span.SequenceEqual(there)
                    ? Task.FromResult(false)
                    : throw new DrMeshException(DrMeshError.RepositoryLogConflict, $"{name} has other content", "see who else archives there");
            }

            _complete[name] = content.ToArray();
            _partial.Remove(name);
            return Task.FromResult(true);
        }
    }

    public Task WritePartialAsync(LogName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        repository.EnsureReachable(tier);
        lock (_complete)
        {
            if (!_complete.ContainsKey(name) && (!_partial.TryGetValue(name, out var there) || there.Length < content.Length))
            {
                _partial[name] = content.ToArray();
            }
        }

        return Task.CompletedTask;
    }

    public Task<LogContent?> ReadAsync(LogName name, CancellationToken cancellationToken = default)
    {
        repository.EnsureReachable(tier);
        lock (_complete)
        {
            return Task.FromResult(
                _complete.TryGetValue(name, out var whole) ? new LogContent(name, true, whole)
                : _partial.TryGetValue(name, out var part) ? new LogContent(name, false, part) : null);
        }
    }

    public async IAsyncEnumerable<LogEntry> ListAsync(
        LogName? from = null, LogName? to = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        repository.EnsureReachable(tier);
        await Task.CompletedTask;
        List<LogEntry> entries;
        lock (_complete)
        {
            entries = [.. _complete.Select(entry => new LogEntry(entry.Key, true, -1, entry.Value.Length, DateTimeOffset.UnixEpoch))
                .Concat(_partial.Select(entry => new LogEntry(entry.Key, false, entry.Value.Length, entry.Value.Length, DateTimeOffset.UnixEpoch)))
                .OrderBy(entry => entry.Name)
                .Where(entry => (from is null || entry.Name >= from) && (to is null || entry.Name <= to))];
        }

        foreach (var entry in entries)
        {
            yield return entry;
        }
    }

    public async Task<LogEntry?> LastAsync(string group, CancellationToken cancellationToken = default)
    {
        LogEntry? last = null;
        await foreach (var entry in ListAsync(cancellationToken: cancellationToken))
        {
            last = entry.Name.Group == group ? entry : last;
        }

        return last;
    }

    public Task<long> DeleteBeforeAsync(LogName before, CancellationToken cancellationToken = default)
    {
        repository.EnsureReachable(tier);
        lock (_complete)
        {
            var gone = _complete.Keys.Where(name => name.Group == before.Group && name < before).ToList();
            gone.ForEach(name => _complete.Remove(name));
            return Task.FromResult((long)gone.Count);
        }
    }
}
