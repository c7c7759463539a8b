using DrMesh.Client;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;
using Npgsql;

namespace DrMesh.Lab.Chaos;

/// <summary>What the faults of a run strike, seen from the hub.</summary>
internal sealed record ChaosStage(World World, NamespaceWorld Lab, MeshConnection Mesh, SmallDisk Disk, BusyCores Cores, TimeProvider Time)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The region a fault strikes now; null: nobody can tell, as when the store has no leader.</summary>
    public async Task<WorldRegion?> PlaceAsync(PlannedFault planned, CancellationToken cancellationToken)
    {
        var primary = (await StatusAsync(cancellationToken)).Status?.PrimaryRegion;
        return planned.Fault.Place switch
        {
            FaultPlace.StoreLeader => await RegionalStore.LeaderAsync(Lab.Regions, cancellationToken),
            FaultPlace.SmallDisk => Disk.Region,
            FaultPlace.Primary => Lab.Regions.FirstOrDefault(region => region.Id == primary),
            _ => Lab.Regions.Where(region => region.Id != primary).ElementAt(planned.Standby),
        };
    }

    /// <summary>Runs a statement on a region's database.</summary>
    public async Task SqlAsync(WorldRegion region, string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(World.Databases.ConnectionString(region, Databases.ControlRole));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The region whose database leads by the servers' own word: no standby, and on the latest timeline. The mesh is not asked. Null: none answers.</summary>
    public async Task<WorldRegion?> LeadsAsync(CancellationToken cancellationToken)
    {
        var found = new List<(WorldRegion Region, int Timeline)>();
        foreach (var region in Lab.Regions)
        {
            try
            {
                await using var connection = new NpgsqlConnection(World.Databases.ConnectionString(region, Databases.ControlRole));
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand(
                    "select case when pg_is_in_recovery() then 0 else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end", connection);
                found.Add((region, (int)(await command.ExecuteScalarAsync(cancellationToken))!));
            }
            catch (NpgsqlException)
            {
                // It is down.
            }
        }

        return found.Where(entry => entry.Timeline > 0).OrderByDescending(entry => entry.Timeline).Select(entry => entry.Region).FirstOrDefault();
    }

    /// <summary>Waits until nothing is missing any more: a primary, every standby, no session, the name at the right region, a control store that may lose its leader.</summary>
    /// <returns>Null when all is well; what is still missing after <paramref name="patience"/>.</returns>
    public async Task<string?> UntilHealthyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        while (true)
        {
            // A silo that was declared dead while it was away ends itself; as systemd would, this starts it again.
            foreach (var region in Lab.Regions)
            {
                await Lab.Ground.StartRegionAsync(region, cancellationToken);
            }

            var missing = await MissingAsync(cancellationToken);
            if (missing is null || Time.GetElapsedTime(begun) > patience)
            {
                return missing;
            }

            await Task.Delay(Pause, Time, cancellationToken);
        }
    }

    /// <summary>How many sessions that move the database began after <paramref name="struck"/>, whatever became of them.</summary>
    public async Task<int> SessionsAsync(DateTimeOffset struck, CancellationToken cancellationToken) =>
        (await Mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter { Kind = SessionKinds.Recovery, Since = struck, Limit = 100 }, cancellationToken)).Length;

    /// <summary>The course of the first failover that began after <paramref name="struck"/> and succeeded, in seconds: until its begin, then each phase by name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> PhasesAsync(DateTimeOffset struck, CancellationToken cancellationToken)
    {
        var begun = await Mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter { Kind = SessionKinds.Recovery, Since = struck, Limit = 20 }, cancellationToken);
        if (begun.LastOrDefault(session => session.Status is SessionStatus.Succeeded or SessionStatus.Degraded) is not { } moved)
        {
            return new Dictionary<string, double>();
        }

        var session = await Mesh.Grains.GetSession(moved.Id).Explain(cancellationToken);
        return new Dictionary<string, double>(SessionPhases.Of(session).Select(phase => KeyValuePair.Create(phase.Key, phase.Value.TotalSeconds)))
        {
            ["until the session"] = (moved.StartedAt - struck).TotalSeconds,
        };
    }

    private async Task<string?> MissingAsync(CancellationToken cancellationToken)
    {
        var (status, problem) = await StatusAsync(cancellationToken);
        if (status is null)
        {
            return $"the mesh does not answer: {problem}";
        }

        if (status.Primary is null || status.Session is not null || !status.Findings.IsEmpty)
        {
            return status.Session is { } session ? $"session {session} runs" : status.Findings.IsEmpty ? "no primary is known" : string.Join("; ", status.Findings);
        }

        var unwell = status.Members.Where(member => member.Name != status.Primary && member.Status is not { Role: MemberRole.Standby, Upstream: not null }).Select(member => member.Name).ToArray();
        if (unwell.Length > 0)
        {
            return $"{string.Join(", ", unwell)} do not follow";
        }

        // A standby that was away is among those who acknowledge some seconds after it follows again; until then the next fault would be the second one at once.
        if (status.Acknowledging is not [var set] || status.Members.Any(member => member.Name != status.Primary && !set.Contains($"\"{member.Name}\"", StringComparison.Ordinal)))
        {
            return $"commits wait for {string.Join(" and ", status.Acknowledging)}, not for any of all standbys";
        }

        var answer = World.RegionAt(await World.Lookup.AskAsync(cancellationToken))?.Id;
        if (answer != status.PrimaryRegion)
        {
            return $"the name answers with {(answer is { } region ? region.Value : "nothing")}, the primary is in {status.PrimaryRegion}";
        }

        return await RegionalStore.SynchronousAsync(Lab.Regions, cancellationToken) is not null ? null : "no member of the control store holds all its leader acknowledges";
    }

    private async Task<(ClusterStatus? Status, string? Problem)> StatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Mesh.Grains.GetGrain<IDatabaseClusterGrain>(EstateText.Cluster).GetStatus(cancellationToken).WaitAsync(CallLimit, Time, cancellationToken), null);
        }
        catch (Exception lost) when (lost is DrMeshException or TimeoutException or Orleans.Runtime.OrleansException && !cancellationToken.IsCancellationRequested)
        {
            return (null, lost.Message);
        }
    }
}
