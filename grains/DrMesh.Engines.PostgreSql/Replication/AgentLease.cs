using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Recovery;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>
/// What an agent must not forget of leases, beside its memory (<c>DATA.drmesh-lease.json</c>): whom it granted one, and whether its own server was stopped because its lease ran out. Grants and
/// promises exclude each other here.
/// </summary>
internal sealed class AgentLease
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private LeaseGrants _grants;

    /// <summary>Reads what was stored.</summary>
    /// <exception cref="DrMeshException">The file is there and cannot be read: an agent that forgot a grant must not promise.</exception>
    public AgentLease(string dataDirectory, TimeProvider time)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory)) + ".drmesh-lease.json";
        _time = time;
        _begun = time.GetTimestamp();
        var stored = Read();
        _grants = LeaseGrants.Restarted(stored.Holder, stored.Epoch, stored.Length, Now);
    }

    private TimeSpan Now => _time.GetElapsedTime(_begun);

    /// <summary>Whether the server was stopped because its lease ran out, by its agent or by its guard; stored durably.</summary>
    public bool HasLapsed
    {
        get => Read().HasLapsed;
        set
        {
            lock (_lock)
            {
                if (HasLapsed != value)
                {
                    Write(Read() with { HasLapsed = value });
                }
            }
        }
    }

    /// <summary>Grants; says why not, else null.</summary>
    /// <param name="holder">The primary that asks.</param>
    /// <param name="epoch">The epoch it leads under.</param>
    /// <param name="length">The lease's length.</param>
    /// <param name="seen">Reads the highest epoch the agent has stored.</param>
    public string? Grant(string holder, long epoch, TimeSpan length, Func<long> seen)
    {
        lock (_lock)
        {
            var (next, refusal) = _grants.Ask(holder, epoch, length, seen(), Now);
            if (refusal is null)
            {
                // A restart lets any grant run for a full term: only another holder, epoch or length is news to the disk.
                if (!next.IsStoredAs(_grants))
                {
                    Write(new Stored(next.Holder, next.Epoch, next.Length, HasLapsed));
                }

                _grants = next;
            }

            return refusal;
        }
    }

    /// <summary>Lets a promise be stored; says why not, else null.</summary>
    public string? Promise(Action store)
    {
        lock (_lock)
        {
            var refusal = _grants.PromiseRefusal(Now);
            if (refusal is null)
            {
                store();
            }

            return refusal;
        }
    }

    private Stored Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(_path)) ?? throw new JsonException("it is null");
        }
        catch (FileNotFoundException)
        {
            return new Stored(null, 0, TimeSpan.Zero, false);
        }
        catch (JsonException damaged)
        {
            throw new DrMeshException(
                DrMeshError.StateUnreadable, $"the agent's lease file {_path} cannot be read: {damaged.Message}",
                "wait for the policy's lease, so that whatever it granted has ended, then remove it", damaged);
        }
    }

    private void Write(Stored stored) => DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(stored));

    private sealed record Stored(string? Holder, long Epoch, TimeSpan Length, bool HasLapsed);
}
