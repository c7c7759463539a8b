using DrMesh.Client;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;
using DrMesh.TestKit;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Failover;

/// <summary>Disasters in a world of three regions, with four writers that never stop.</summary>
internal static class MeshRounds
{
    /// <summary>What the disasters are called.</summary>
    public const string ProcessKilled = "primary killed";

    /// <summary>See <see cref="ProcessKilled"/>.</summary>
    public const string RegionKilled = "region killed";

    /// <summary>See <see cref="ProcessKilled"/>.</summary>
    public const string Switchover = "switchover";

    private const int Writers = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Above the world's hold time.
    private static readonly TimeSpan BetweenFailovers = TimeSpan.FromSeconds(12);

    /// <summary>Runs each disaster so many times, in turns.</summary>
    public static async Task<MeshFigures> RunAsync(int runs, Action<string> progress, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var world = await World.StartAsync(progress, cancellationToken);
        await using var mesh = await world.ConnectAsync(cancellationToken);
        await Writer.CreateTableAsync(world.Databases.ConnectionString(world.Regions[0], Databases.ApplicationRole), cancellationToken);
        await using var writers = Load(world, time);
        var rounds = new Dictionary<string, List<Round>> { [ProcessKilled] = [], [RegionKilled] = [], [Switchover] = [] };
        for (var run = 0; run < runs; run++)
        {
            foreach (var disaster in rounds.Keys)
            {
                var primary = await CalmAsync(mesh, world);
                var (began, struckAt) = (time.GetTimestamp(), time.GetUtcNow());
                await StrikeAsync(disaster, world, primary, cancellationToken);
                await writers.WriteAgainAsync(time.GetTimestamp(), cancellationToken);
                var session = await SessionAsync(mesh, struckAt, cancellationToken);
                if (disaster == RegionKilled)
                {
                    await world.StartRegionAsync(cancellationToken);
                }

                await CalmAsync(mesh, world);
                var gap = Checker.LongestGap(writers.Log, began, time.GetTimestamp(), time);
                rounds[disaster].Add(new Round(gap, SessionPhases.Of(session)));
                progress($"{disaster}: {gap.TotalSeconds:0.00} s");
                await Task.Delay(BetweenFailovers, time, cancellationToken);
            }
        }

        await writers.StopAsync();
        var last = await CalmAsync(mesh, world);
        var check = await Checker.CheckAsync(writers.Log, world.Databases.ConnectionString(last, Databases.ApplicationRole), time, cancellationToken);
        progress($"{check.Acknowledged} rows acknowledged, {check.Lost.Count} lost, {check.DoubleAcknowledged.Count} acknowledged by two primaries");
        return new MeshFigures(rounds.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<Round>)entry.Value), check);
    }

    private static Writers Load(World world, TimeProvider time) => Lab.Load.Writers.Start(
        Writers, world.Lookup, address => world.Databases.ConnectionString(address, world.Databases.Port, Databases.ApplicationRole), Pace, time);

    private static async Task StrikeAsync(string disaster, World world, WorldRegion primary, CancellationToken cancellationToken)
    {
        switch (disaster)
        {
            case ProcessKilled:
                // A backend that is busy notices a little later that its postmaster is gone, and may acknowledge one more row: the strike is over when all have left.
                await primary.Instance.KillAsync();
                break;
            case RegionKilled:
                world.KillRegion(primary);
                break;
            default:
                await world.Console.RunAsync(["switchover", EstateText.Application, "--yes", "--reason", "the benchmark"], cancellationToken);
                break;
        }
    }

    // Everybody follows, commits wait for both standbys, no session runs. Returns the primary's region.
    private static async Task<WorldRegion> CalmAsync(MeshConnection mesh, World world)
    {
        ClusterStatus? status = null;
        await Eventually.HoldsAsync(
            () => AnsweredAsync(async () =>
            {
                status = await mesh.Grains.GetGrain<IDatabaseClusterGrain>(EstateText.Cluster).GetStatus(CancellationToken.None);
                return status is { Session: null, Findings.IsEmpty: true, Acknowledging.Length: 1 } && status.Members.Count(member => member.IsAcknowledging) == 2;
            }),
            Patience,
            () => $"the cluster is not calm: {status}");
        return world[status!.PrimaryRegion!.Value];
    }

    // A question that was with a silo that died meanwhile is asked again.
    private static async Task<bool> AnsweredAsync(Func<Task<bool>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DrMeshException lost) when (ExitCodes.For(lost.Code) == ExitCodes.Unreachable)
        {
            return false;
        }
    }

    // The session that was begun since, at its end.
    private static async Task<SessionExplanation> SessionAsync(MeshConnection mesh, DateTimeOffset since, CancellationToken cancellationToken)
    {
        SessionEntry? newest = null;
        await Eventually.HoldsAsync(
            () => AnsweredAsync(async () =>
            {
                newest = (await mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter { Kind = SessionKinds.Recovery, Limit = 1 }, cancellationToken)).FirstOrDefault();
                return newest is { EndedAt: not null } && newest.StartedAt >= since;
            }),
            Patience,
            async () => newest is null || newest.StartedAt < since ? $"no session has begun since {since:O}" : $"a session does not end: {await mesh.Grains.GetSession(newest.Id).Get(cancellationToken)}",
            cancellationToken);
        return await mesh.Grains.GetSession(newest!.Id).Explain(cancellationToken);
    }
}

/// <summary>One disaster and its end.</summary>
/// <param name="Gap">The longest time without an acknowledged row around it.</param>
/// <param name="Phases">How long the session was in each phase.</param>
internal sealed record Round(TimeSpan Gap, IReadOnlyDictionary<string, TimeSpan> Phases);

/// <summary>What all rounds gave.</summary>
/// <param name="ByDisaster">The rounds of each disaster.</param>
/// <param name="Check">What the writers' logs prove at the end.</param>
internal sealed record MeshFigures(IReadOnlyDictionary<string, IReadOnlyList<Round>> ByDisaster, CheckResult Check);
