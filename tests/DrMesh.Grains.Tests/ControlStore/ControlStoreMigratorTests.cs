using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;

namespace DrMesh.Grains.Tests.ControlStore;

public sealed class ControlStoreMigratorTests(ControlStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MigrateAsync_EmptyDatabase_AppliesEveryScriptOnce()
    {
        await using var database = await fixture.CreateDatabaseAsync();

        var first = await database.Migrator.MigrateAsync(Cancellation);
        var second = await database.Migrator.MigrateAsync(Cancellation);

        first.From.ShouldBe(0);
        first.To.ShouldBe(ControlStoreMigrations.Latest);
        first.Applied.ShouldBe(ControlStoreMigrations.Scripts.Select(script => script.Name));
        second.Applied.ShouldBeEmpty();
        second.From.ShouldBe(ControlStoreMigrations.Latest);
        (await database.ScalarAsync<long>("select count(*) from drmesh.schema_version")).ShouldBe(ControlStoreMigrations.Scripts.Count);
        await database.Schema.EnsureCurrentAsync(Cancellation);
    }

    [Fact]
    public async Task MigrateAsync_ManyAtOnce_OneAppliesAndTheOthersFindNothingToDo()
    {
        await using var database = await fixture.CreateDatabaseAsync();
        // Connections of their own, as processes have.
        var stores = Enumerable.Range(0, 4).Select(_ => ControlStoreFixture.Connect(database.ConnectionString)).ToList();

        var results = await Task.WhenAll(stores.Select(store => Task.Run(() => new ControlStoreMigrator(store).MigrateAsync(Cancellation))));

        results.Count(result => result.Applied.Count > 0).ShouldBe(1);
        results.ShouldAllBe(result => result.To == ControlStoreMigrations.Latest);
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task MigrateAsync_LaterScriptFails_LeavesNothing()
    {
        await using var database = await fixture.CreateDatabaseAsync();
        await database.ExecuteAsync("create table OrleansRemindersTable (somebody text)");

        var failure = await Should.ThrowAsync<DrMeshException>(() => database.Migrator.MigrateAsync(Cancellation));

        failure.Code.ShouldBe(DrMeshError.ControlStoreMigrationFailed);
        failure.Message.ShouldContain("0003-reminders.sql");
        failure.Message.ShouldContain("orleansreminderstable");
        (await database.ScalarAsync<bool>("select to_regclass('OrleansQuery') is null and to_regclass('drmesh.schema_version') is null")).ShouldBeTrue();
        (await database.Schema.ReadVersionAsync(Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task MigrateAsync_OlderSchema_AppliesWhatIsMissing()
    {
        await using var database = await fixture.CreateStoreAsync();
        await database.ExecuteAsync("drop table drmesh.audit; drop function drmesh.refuse_audit_change; delete from drmesh.schema_version where version >= 5");

        var failure = await Should.ThrowAsync<DrMeshException>(() => database.Schema.EnsureCurrentAsync(Cancellation));
        var result = await database.Migrator.MigrateAsync(Cancellation);

        failure.Code.ShouldBe(DrMeshError.ControlStoreSchemaOlder);
        failure.Message.ShouldContain($"has schema version 4; this program needs {ControlStoreMigrations.Latest}");
        failure.Hint.ShouldBe("run: drmesh store init");
        result.From.ShouldBe(4);
        result.Applied[0].ShouldBe("0005-audit.sql");
        await database.Schema.EnsureCurrentAsync(Cancellation);
    }

    [Fact]
    public async Task NewerSchema_IsRefusedByCheckAndByMigrator()
    {
        await using var database = await fixture.CreateStoreAsync();
        await database.ExecuteAsync("insert into drmesh.schema_version (version, script) values (9000, '9000-future.sql')");

        var check = await Should.ThrowAsync<DrMeshException>(() => database.Schema.EnsureCurrentAsync(Cancellation));
        var migration = await Should.ThrowAsync<DrMeshException>(() => database.Migrator.MigrateAsync(Cancellation));

        check.Code.ShouldBe(DrMeshError.ControlStoreSchemaNewer);
        check.Message.ShouldContain($"has schema version 9000; this program knows versions up to {ControlStoreMigrations.Latest}");
        migration.Code.ShouldBe(DrMeshError.ControlStoreSchemaNewer);
    }

    [Fact]
    public async Task EnsureCurrentAsync_EmptyDatabase_SaysThereIsNoSchema()
    {
        await using var database = await fixture.CreateDatabaseAsync();

        var failure = await Should.ThrowAsync<DrMeshException>(() => database.Schema.EnsureCurrentAsync(Cancellation));

        failure.Code.ShouldBe(DrMeshError.ControlStoreSchemaOlder);
        failure.Message.ShouldContain("has no DrMesh schema");
    }

    [Fact]
    public async Task EnsureCurrentAsync_StoreIsDown_NamesTheHosts()
    {
        var first = DrMesh.TestKit.LoopbackPort.Next();
        var second = DrMesh.TestKit.LoopbackPort.Next();
        await using var store = ControlStoreFixture.Connect($"Host=127.0.0.1:{first},127.0.0.1:{second};Database=drmesh;Username=drmesh");

        var failure = await Should.ThrowAsync<DrMeshException>(() => new ControlStoreSchema(store).EnsureCurrentAsync(Cancellation));

        failure.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        failure.Message.ShouldBe($"control store 127.0.0.1:{first},127.0.0.1:{second}/drmesh does not answer: Connection refused");
    }

    [Fact]
    public async Task EnsureCurrentAsync_NoSuchDatabase_IsRefusedNotUnreachable()
    {
        await using var store = ControlStoreFixture.Connect(fixture.Server.ConnectionStringFor("nowhere"));

        var failure = await Should.ThrowAsync<DrMeshException>(() => new ControlStoreSchema(store).EnsureCurrentAsync(Cancellation));

        failure.Code.ShouldBe(DrMeshError.ControlStoreRefused);
        failure.Message.ShouldContain("database \"nowhere\" does not exist");
    }
}
