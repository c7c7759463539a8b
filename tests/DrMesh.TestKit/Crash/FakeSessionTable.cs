using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>A fake of the session table, in memory, shared by all silos of a test's cluster.</summary>
public sealed class FakeSessionTable(TimeProvider time) : ISessionTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, Row> _rows = [];

    /// <inheritdoc/>
    public Task<SessionId> ClaimAsync(SessionEntry entry, string silo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var holder = _rows.Values.FirstOrDefault(
                row => row.Entry.EndedAt is null && row.Entry.Subject == entry.Subject && row.Entry.Id.Kind == entry.Id.Kind);
            if (holder is null)
            {
                _rows.TryAdd(entry.Id, new Row(entry, silo, time.GetTimestamp()));
            }

            return Task.FromResult(holder?.Entry.Id ?? entry.Id);
        }
    }

    /// <inheritdoc/>
    public Task UpdateAsync(SessionEntry entry, string silo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(entry.Id, out var row) || row.Entry.EndedAt is null)
            {
                _rows[entry.Id] = new Row(entry, silo, time.GetTimestamp());
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task BeatAsync(IReadOnlyCollection<SessionId> sessions, string silo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var session in sessions.Where(session => _rows.TryGetValue(session, out var row) && row.Entry.EndedAt is null))
            {
                _rows[session] = _rows[session] with { Silo = silo, Beat = time.GetTimestamp() };
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task LetGoAsync(SessionId session, string silo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(session, out var row) && row.Silo == silo && row.Entry.EndedAt is null)
            {
                _rows[session] = row with { Beat = null };
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task ForgetAsync(SessionId session, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _rows.Remove(session);
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionId>> FindStaleAsync(TimeSpan age, IReadOnlyCollection<string> livingSilos, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SessionId>>([.. _rows.Values
                .Where(row => row.Entry.EndedAt is null)
                .Where(row => row.Beat is not { } beat || time.GetElapsedTime(beat) > age || !livingSilos.Contains(row.Silo))
                .Select(row => row.Entry.Id)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionEntry>> ListAsync(SessionFilter filter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SessionEntry>>([.. _rows.Values
                .Select(row => row.Entry)
                .Where(entry => filter.Kind is null || entry.Id.Kind == filter.Kind)
                .Where(entry => filter.Subject is null || entry.Subject == filter.Subject)
                .Where(entry => !filter.UnfinishedOnly || entry.EndedAt is null)
                .Where(entry => filter.Since is null || entry.StartedAt >= filter.Since)
                .OrderByDescending(entry => entry.StartedAt)
                .Take(filter.Limit)]);
        }
    }

    private sealed record Row(SessionEntry Entry, string Silo, long? Beat);
}
