using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Restores.Unified;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>S3: a silo dies before and after every step of a unified backup and of a unified restore; another one brings it to the same end.</summary>
public sealed class UnifiedCrashTests(ITestOutputHelper output)
{
    private static readonly StartUnifiedBackup Backup = new() { Application = "shop" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S3_SiloDiesAroundEveryStepOfABackup_ApplicationWritesAgainAndTheBackupIsWhole()
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Fence);
        await FillAsync(world);
        await using var kit = await CrashKit.StartAsync<UnifiedBackupPlan>(world.Wire);
        await using var repository = await world.OpenRepositoryAsync();

        var tried = await kit.CrashEverywhereAsync(
            run => new SessionId($"unified-{run}"),
            (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup),
            session => Describe(world, repository, session),
            Steps);

        output.WriteLine($"{tried} deaths");
        // Three copies, the point, resume, three seals, validation, manifest, confirmation, catalogue.
        tried.ShouldBeGreaterThan(12);
        (await repository.VerifyAsync(new VerifyRequest { Depth = VerifyDepth.Presence }, null, Cancellation)).Damages.ShouldBeEmpty();
    }

    [Fact]
    public async Task S3_SiloDiesAroundEveryStepOfARestore_EveryPartIsAtThePoint()
    {
        await using var world = await ShopWorld.StartAsync(ConsistencyMode.Marker);
        await FillAsync(world);
        await using var kit = await CrashKit.StartAsync<UnifiedRestorePlan>(world.Wire);
        var made = await kit.RunAsync(new SessionId("unified-0"), (grains, session) => grains.GetGrain<IUnifiedBackupSessionGrain>(session.Value).Start(Backup));
        made.Status.ShouldBe(SessionStatus.Succeeded, made.Outcome);
        var places = new Dictionary<string, string>();
        try
        {
            var tried = await kit.CrashEverywhereAsync(
                run => new SessionId($"apprestore-{run}"),
                (grains, session) =>
                {
                    var directory = places.TryGetValue(session.Value, out var known) ? known : places[session.Value] = Path.Combine(world.Directory.Path, session.Value);
                    Directory.CreateDirectory(directory);
                    // The port is the restored server's alone; one run after the other into the same set.
                    return grains.GetGrain<IUnifiedRestoreSessionGrain>(session.Value).Start(
                        world.Restore(directory, PortOf(session)) with { Overwrites = true });
                },
                session => Describe(session, places[session.Value]),
                Steps);

            output.WriteLine($"{tried} deaths");
            // Three looks, three restores, three markers.
            tried.ShouldBeGreaterThan(9);
        }
        finally
        {
            foreach (var place in places.Values)
            {
                await StopAsync(place);
            }
        }
    }

    private readonly Dictionary<string, int> _ports = [];

    // Dying before a write is dying after what the step before did, and before what the next one does.
    private static bool Steps(CrashPoint point) => point is { Manner: CrashManner.SiloDies, Moment: CrashMoment.BeforeWrite };

    private static async Task FillAsync(ShopWorld world)
    {
        await world.Server.ExecuteAsync("insert into orders select i, i::text, i from generate_series(1, 100) i");
        await File.WriteAllTextAsync(Path.Combine(world.Tree, "first"), "written before", Cancellation);
    }

    private static string Describe(ShopWorld world, IBackupRepository repository, SessionId session) => DescribeAsync(world, repository, session).GetAwaiter().GetResult();

    private static async Task<string> DescribeAsync(ShopWorld world, IBackupRepository repository, SessionId session)
    {
        var manifest = UnifiedManifest.Of((await repository.FindAsync(new BackupId(session.Value), Cancellation)).ShouldNotBeNull());
        var rows = await world.Catalogue.ListAsync(new(), Cancellation);
        foreach (var part in manifest.Parts)
        {
            (await repository.FindAsync(part.Backup, Cancellation)).ShouldNotBeNull($"{part.Name} is recorded and not there");
            rows.ShouldContain(row => row.Id == part.Backup, $"{part.Name} is not in the catalogue");
        }

        return $"open {world.Hooks.IsOpen}; parts {string.Join(", ", manifest.Parts.Select(part => $"{part.Kind} {part.Name} {part.Point.Count}"))}; rows {rows.Count(row => row.Id.Value == session.Value)}";
    }

    private string Describe(SessionId session, string directory)
    {
        var tree = Path.Combine(directory, "tree");
        var rows = RowsAsync(PortOf(session)).GetAwaiter().GetResult();
        StopAsync(directory).GetAwaiter().GetResult();
        return $"{string.Join(", ", (Directory.Exists(tree) ? Directory.EnumerateFiles(tree) : []).Select(Path.GetFileName).Order())}; {rows}";
    }

    private int PortOf(SessionId session) => _ports.TryGetValue(session.Value, out var port) ? port : _ports[session.Value] = LoopbackPort.Next();

    // A server that does not answer is an end like another: the kit then shows how the session got there.
    private static async Task<string> RowsAsync(int port)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand("select count(*) from orders", connection);
            return $"{await command.ExecuteScalarAsync(Cancellation)} rows";
        }
        catch (NpgsqlException silent)
        {
            return silent.Message;
        }
    }

    private static Task StopAsync(string directory) => new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory, "data")).StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), CancellationToken.None);
}
