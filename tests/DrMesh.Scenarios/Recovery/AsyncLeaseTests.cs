using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;
using DrMesh.TestKit;
using Npgsql;

namespace DrMesh.Scenarios.Recovery;

/// <summary>Where commits wait for nobody, a primary whose agent can renew its lease no more is down before another is promoted: three real servers, a mesh, writers at both ends.</summary>
[Collection(nameof(Alone))]
public sealed partial class AsyncLeaseTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S1_AgentOfAnAsyncPrimaryIsFrozen_ItsDatabaseEndsWithinTheLease_AndNoRowIsAcknowledgedByTwo()
    {
        await using var world = await World.StartAsync(_ => { }, Cancellation);
        var home = world.Regions[0];
        await MakeAsyncAsync(world);
        await ExecuteAsync(world, home, "create table rows(region text, number bigint)");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var acknowledged = new ConcurrentQueue<(WorldRegion Region, long At)>();
        var writing = world.Regions.Select(region => WriteAsync(world, region, acknowledged, stop.Token)).ToArray();
        await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count > 50), Patience, () => "nobody writes", Cancellation);
        // A failover that asks nobody rests on what the primary was seen to write, for longer than it will be unseen.
        await Eventually.HoldsAsync(
            async () => (await RunAsync(world, "failover", "shop", "--plan")).Output is var plan && Watched().Match(plan) is { Success: true } watched && int.Parse(watched.Groups[1].Value, CultureInfo.InvariantCulture) > 3 * Lease.TotalSeconds,
            Patience, async () => (await RunAsync(world, "failover", "shop", "--plan")).Output, Cancellation);

        var frozen = TimeProvider.System.GetTimestamp();
        var silo = WorldProcesses.Find(Path.Combine(world.Folder.Path, "mesh", "silos", home.Node.Region.Value)).ToArray();
        silo.ShouldNotBeEmpty();
        foreach (var pid in silo)
        {
            ProcessSignal.SendStop(pid);
        }

        await Eventually.HoldsAsync(
            () => Task.FromResult(acknowledged.Any(row => row.Region != home)), Patience, async () => $"nobody else is promoted: {(await RunAsync(world, "sessions", "list")).Output}{(await RunAsync(world, "cluster", "show", "orders")).Output}", Cancellation);
        foreach (var pid in silo)
        {
            ProcessSignal.SendContinue(pid);
        }

        // It finds that the mesh has given it up, and ends.
        await Eventually.HoldsAsync(() => Task.FromResult(!silo.Any(pid => WorldProcesses.CommandOf(pid).Length > 0)), Patience, () => "the frozen silo goes on", Cancellation);
        await world.StartRegionAsync(Cancellation);
        await Eventually.HoldsAsync(
            async () => (await RunAsync(world, "cluster", "show", "orders")).Output is var shown && !shown.Contains("fenced", StringComparison.Ordinal) && shown.Contains("primary orders-", StringComparison.Ordinal)
                && await IsStandbyAsync(world, home), Patience, async () => (await RunAsync(world, "cluster", "show", "orders")).Output, Cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        var lastOfTheOld = acknowledged.Where(row => row.Region == home).Max(row => row.At);
        var firstOfTheNew = acknowledged.Where(row => row.Region != home).Min(row => row.At);
        var (stopped, gap) = (TimeProvider.System.GetElapsedTime(frozen, lastOfTheOld), TimeProvider.System.GetElapsedTime(lastOfTheOld, firstOfTheNew));
        output.WriteLine($"the old primary acknowledged for {stopped.TotalSeconds:0.00} s after its agent froze, the new one {gap.TotalSeconds:0.00} s later; {acknowledged.Count} rows");
        stopped.ShouldBeLessThan(Lease);
        gap.ShouldBeGreaterThan(TimeSpan.Zero, "S1");
        var (counted, shown) = await ReadLossAsync(world);
        output.WriteLine($"{counted} bytes were lost with it, at most {shown} were shown before the decision");
        counted.ShouldBeLessThanOrEqualTo(shown, "S2");
        acknowledged.Select(row => row.Region).Distinct().Count().ShouldBe(2, "one primary after the other");
    }

    // Whoever brings the old primary back tells what it alone had beside what the session had shown.
    private static async Task<(long Counted, long Shown)> ReadLossAsync(World world)
    {
        var told = Match.Empty;
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var log in Directory.EnumerateFiles(Path.Combine(world.Folder.Path, "mesh", "silos"), "*.log", SearchOption.AllDirectories))
                {
                    told = told.Success ? told : Told().Match(await File.ReadAllTextAsync(log, Cancellation));
                }

                return told.Success;
            },
            Patience, () => "no silo tells what was lost", Cancellation);
        return (long.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(told.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("lost ([0-9]+) bytes with [0-9]+ commits, shown before the decision at most ([0-9]+) bytes")]
    private static partial Regex Told();

    [GeneratedRegex("the most it was seen to write in ([0-9]+) s")]
    private static partial Regex Watched();

    // The estate of the world, with commits that wait for nobody, servers bound to their agents, and a lease a busy machine can keep.
    private static async Task MakeAsyncAsync(World world)
    {
        var estate = (await File.ReadAllTextAsync(world.Folder.Estate, Cancellation))
            .Replace("{ mode: quorum, acknowledgements: 1 }", "{ mode: async }", StringComparison.Ordinal)
            .Replace("rpo: 0s", "rpo: 5s", StringComparison.Ordinal)
            .Replace("strategy: automatic,", $"strategy: automatic, lease: {Lease.TotalSeconds}s,", StringComparison.Ordinal);
        foreach (var region in world.Regions)
        {
            estate = estate.Replace($"{{ address: {region.Address} }}", $"{{ address: {region.Address}, guard: bound }}", StringComparison.Ordinal);
        }

        var file = Path.Combine(world.Folder.Path, "async.yaml");
        await File.WriteAllTextAsync(file, estate, Cancellation);
        var applied = await RunAsync(world, "estate", "apply", file, "--yes", "--reason", "the lease");
        applied.ExitCode.ShouldBe(0, applied.Output + applied.Error);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync<string>(world, world.Regions[0], "show synchronous_standby_names") == "", Patience, async () => (await RunAsync(world, "cluster", "show", "orders")).Output, Cancellation);
    }

    private static async Task WriteAsync(World world, WorldRegion region, ConcurrentQueue<(WorldRegion Region, long At)> acknowledged, CancellationToken cancellationToken)
    {
        for (var number = 0L; !cancellationToken.IsCancellationRequested; number++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(world.Databases.ConnectionString(region, Databases.ControlRole));
                await connection.OpenAsync(cancellationToken);
                while (true)
                {
                    await using var insert = new NpgsqlCommand("insert into rows values ($1, $2)", connection) { Parameters = { new() { Value = region.Part }, new() { Value = number++ } } };
                    await insert.ExecuteNonQueryAsync(cancellationToken);
                    acknowledged.Enqueue((region, TimeProvider.System.GetTimestamp()));
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
                }
            }
            catch (Exception refused) when (refused is NpgsqlException or OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static async Task<bool> IsStandbyAsync(World world, WorldRegion region)
    {
        try
        {
            return await ScalarAsync<bool>(world, region, "select pg_is_in_recovery()");
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<T> ScalarAsync<T>(World world, WorldRegion region, string sql)
    {
        await using var connection = new NpgsqlConnection(world.Databases.ConnectionString(region, Databases.ControlRole));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(World world, WorldRegion region, string sql)
    {
        await using var connection = new NpgsqlConnection(world.Databases.ConnectionString(region, Databases.ControlRole));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static Task<ToolResult> RunAsync(World world, params string[] arguments) => ToolProcess.RunAsync(
        new ToolCommand { Program = LabPrograms.Console, Arguments = arguments, Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = world.Folder.Path } }, Cancellation);
}
