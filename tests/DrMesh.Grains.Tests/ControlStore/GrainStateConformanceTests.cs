using Npgsql;
using Orleans.Storage;

namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>Orleans' grain state, through Orleans' own provider, on a real PostgreSQL.</summary>
public sealed class GrainStateConformanceTests(ControlStoreFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<GrainId> Keys() =>
    [
        GrainId.Create("region", "eu-west-1"),
        GrainId.Create(GrainType.Create("estate"), GrainIdKeyExtensions.CreateIntegerKey(42)),
        GrainId.Create(GrainType.Create("session"), GrainIdKeyExtensions.CreateGuidKey(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"))),
        GrainId.Create(GrainType.Create("session"), GrainIdKeyExtensions.CreateGuidKey(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), "ext")),
        GrainId.Create("node", "eu-west-1/pg-ö-1"),
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Write_AnyKindOfKey_IsReadBack(GrainId key)
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var written = new GrainState<Note>(new Note { Text = "first" });

        await providers.Grains.WriteStateAsync("note", key, written, Cancellation);
        written.State!.Text = "second";
        await providers.Grains.WriteStateAsync("note", key, written, Cancellation);

        var read = await ReadAsync(providers.Grains, key);
        read.RecordExists.ShouldBeTrue();
        read.State.ShouldNotBeNull().Text.ShouldBe("second");
        read.ETag.ShouldBe(written.ETag);
        read.ETag.ShouldBe("2");
        (await database.ScalarAsync<long>("select count(*) from OrleansStorage")).ShouldBe(1);
    }

    [Fact]
    public async Task Read_NeverWritten_DoesNotExist()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);

        var read = await ReadAsync(providers.Grains, GrainId.Create("region", "nowhere"));

        read.RecordExists.ShouldBeFalse();
        read.ETag.ShouldBeNull();
    }

    [Fact]
    public async Task Write_TwoInsertersOfOneNewKey_OneWinsEachRound()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        for (var round = 0; round < 30; round++)
        {
            var key = GrainId.Create("region", $"r{round}");

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => TryWriteAsync(providers.Grains, key, $"w{i}"))));

            outcomes.Count(winner => winner is not null).ShouldBe(1);
            (await ReadAsync(providers.Grains, key)).State.ShouldNotBeNull().Text.ShouldBe(outcomes.Single(winner => winner is not null));
        }
    }

    [Fact]
    public async Task Write_StaleVersion_ThrowsAndLeavesTheState()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var key = GrainId.Create("region", "eu");
        await TryWriteAsync(providers.Grains, key, "first");
        var one = await ReadAsync(providers.Grains, key);
        var other = await ReadAsync(providers.Grains, key);
        one.State!.Text = "one";
        other.State!.Text = "other";

        await providers.Grains.WriteStateAsync("note", key, one, Cancellation);
        await Should.ThrowAsync<InconsistentStateException>(() => providers.Grains.WriteStateAsync("note", key, other, Cancellation));

        (await ReadAsync(providers.Grains, key)).State.ShouldNotBeNull().Text.ShouldBe("one");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Clear_ThenWriteAgain_GoesOn(bool deletes, long rowsAfterClear)
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database, deletes);
        var key = GrainId.Create("region", "eu");
        await TryWriteAsync(providers.Grains, key, "first");
        var state = await ReadAsync(providers.Grains, key);
        var stale = await ReadAsync(providers.Grains, key);

        await providers.Grains.ClearStateAsync("note", key, state, Cancellation);

        (await database.ScalarAsync<long>("select count(*) from OrleansStorage")).ShouldBe(rowsAfterClear);
        var cleared = await ReadAsync(providers.Grains, key);
        cleared.RecordExists.ShouldBeFalse();
        await Should.ThrowAsync<InconsistentStateException>(() => providers.Grains.ClearStateAsync("note", key, stale, Cancellation));
        await Should.ThrowAsync<InconsistentStateException>(() => providers.Grains.WriteStateAsync("note", key, stale, Cancellation));
        cleared.State = new Note { Text = "again" };
        await providers.Grains.WriteStateAsync("note", key, cleared, Cancellation);
        (await ReadAsync(providers.Grains, key)).State.ShouldNotBeNull().Text.ShouldBe("again");
    }

    [Fact]
    public async Task Keys_WithTheSameHashes_AreKeptApart()
    {
        await using var database = await fixture.CreateStoreAsync();
        (string Type, string? Extension, string Service)[] keys =
            [("a", "x", "s"), ("b", "x", "s"), ("a", "y", "s"), ("a", null, "s"), ("a", "", "s"), ("a", "x", "t")];

        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            (await CallAsync(database, "WriteToStorageKey", key, version: null, [(byte)i])).ShouldBe(1);
        }

        // A second insert of each loses, and the one with a missing extension is no exception.
        foreach (var key in keys)
        {
            (await CallAsync(database, "WriteToStorageKey", key, version: null, [99])).ShouldBeNull();
        }

        (await CallAsync(database, "WriteToStorageKey", keys[3], version: 1, [33])).ShouldBe(2);
        (await database.ScalarAsync<string>("select string_agg(encode(PayloadBinary, 'hex'), ',' order by GrainTypeString, GrainIdExtensionString nulls last, ServiceId) from OrleansStorage"))
            .ShouldBe("04,00,05,02,21,01");
        (await CallAsync(database, "ClearStorageKey", keys[4], version: 1)).ShouldBe(2);
        (await CallAsync(database, "ClearStorageKey", keys[4], version: 1)).ShouldBe(1);
        (await CallAsync(database, "DeleteStorageKey", keys[3], version: 2)).ShouldBe(3);
        (await database.ScalarAsync<long>("select count(*) from OrleansStorage")).ShouldBe(keys.Length - 1);
    }

    private static async Task<int?> CallAsync(
        StoreDatabase database, string query, (string Type, string? Extension, string Service) key, int? version, byte[]? payload = null)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        var text = await database.ScalarAsync<string>($"select QueryText from OrleansQuery where QueryKey = '{query}'");
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue("GrainIdHash", 1);
        command.Parameters.AddWithValue("GrainIdN0", 0L);
        command.Parameters.AddWithValue("GrainIdN1", 0L);
        command.Parameters.AddWithValue("GrainTypeHash", 1);
        command.Parameters.AddWithValue("GrainTypeString", key.Type);
        command.Parameters.AddWithValue("GrainIdExtensionString", NpgsqlTypes.NpgsqlDbType.Text, (object?)key.Extension ?? DBNull.Value);
        command.Parameters.AddWithValue("ServiceId", key.Service);
        command.Parameters.AddWithValue("GrainStateVersion", NpgsqlTypes.NpgsqlDbType.Integer, (object?)version ?? DBNull.Value);
        if (payload is not null)
        {
            command.Parameters.AddWithValue("PayloadBinary", payload);
        }

        return await command.ExecuteScalarAsync(Cancellation) as int?;
    }

    private static async Task<GrainState<Note>> ReadAsync(IGrainStorage storage, GrainId key)
    {
        var state = new GrainState<Note>(new Note());
        await storage.ReadStateAsync("note", key, state, Cancellation);
        return state;
    }

    private static async Task<string?> TryWriteAsync(IGrainStorage storage, GrainId key, string text)
    {
        try
        {
            await storage.WriteStateAsync("note", key, new GrainState<Note>(new Note { Text = text }), Cancellation);
            return text;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    [GenerateSerializer, Alias("drmesh.test.note")]
    public sealed class Note
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }
}
