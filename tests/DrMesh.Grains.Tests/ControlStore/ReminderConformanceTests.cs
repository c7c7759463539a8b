namespace DrMesh.Grains.Tests.ControlStore;

/// <summary>Orleans' reminders, through Orleans' own provider, on a real PostgreSQL.</summary>
public sealed class ReminderConformanceTests(ControlStoreFixture fixture)
{
    private static readonly DateTime Start = new(2026, 11, 24, 8, 0, 0, 123, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upsert_TwiceThenRead_KeepsOneRowAndRaisesItsVersion()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var grain = GrainId.Create("session", "s1");

        (await providers.Reminders.UpsertRow(Entry(grain, "wake", 1), Cancellation)).ShouldBe("0");
        (await providers.Reminders.UpsertRow(Entry(grain, "wake", 2), Cancellation)).ShouldBe("1");

        var read = (await providers.Reminders.ReadRow(grain, "wake", Cancellation)).ShouldNotBeNull();
        read.GrainId.ShouldBe(grain);
        read.StartAt.ShouldBe(Start);
        read.Period.ShouldBe(TimeSpan.FromMinutes(2));
        read.ETag.ShouldBe("1");
        (await providers.Reminders.ReadRow(grain, "other", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task ReadRows_OfAGrain_AreItsOwn()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        foreach (var (grain, name) in new[] { ("s1", "a"), ("s1", "b"), ("s2", "a") })
        {
            await providers.Reminders.UpsertRow(Entry(GrainId.Create("session", grain), name, 1), Cancellation);
        }

        var rows = await providers.Reminders.ReadRows(GrainId.Create("session", "s1"), Cancellation);

        rows.Reminders.Select(row => row.ReminderName).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task ReadRows_OfARange_MatchTheRingInBothDirections()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var grains = Enumerable.Range(0, 64).Select(i => GrainId.Create("session", $"s{i}")).ToList();
        foreach (var grain in grains)
        {
            await providers.Reminders.UpsertRow(Entry(grain, "wake", 1), Cancellation);
        }

        var hashes = grains.Select(grain => grain.GetUniformHashCode()).ToArray();
        (uint Begin, uint End)[] ranges =
        [
            (0, uint.MaxValue / 2), (uint.MaxValue / 2, 0), (hashes[0], hashes[1]), (hashes[1], hashes[0]), (hashes[2], hashes[2]),
            (0x7000_0000, 0x9000_0000), (0x9000_0000, 0x7000_0000), (0xF000_0000, 0x1000_0000), (hashes[5], hashes[6]), (uint.MaxValue, 0),
        ];
        foreach (var (begin, end) in ranges)
        {
            var rows = await providers.Reminders.ReadRows(begin, end, Cancellation);

            var expected = grains.Where(grain => IsIn(grain.GetUniformHashCode(), begin, end));
            rows.Reminders.Select(row => row.GrainId).ShouldBe(expected, ignoreOrder: true, $"range ({begin:x8}, {end:x8}]");
        }
    }

    [Fact]
    public async Task RemoveRow_StaleThenCurrent_OnlyTheCurrentRemoves()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        var grain = GrainId.Create("session", "s1");
        var old = (await providers.Reminders.UpsertRow(Entry(grain, "wake", 1), Cancellation)).ShouldNotBeNull();
        var current = (await providers.Reminders.UpsertRow(Entry(grain, "wake", 1), Cancellation)).ShouldNotBeNull();

        (await providers.Reminders.RemoveRow(grain, "wake", old, Cancellation)).ShouldBeFalse();
        (await providers.Reminders.RemoveRow(grain, "wake", current, Cancellation)).ShouldBeTrue();
        (await providers.Reminders.RemoveRow(grain, "wake", current, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Clear_RemovesThisServicesRowsOnly()
    {
        await using var database = await fixture.CreateStoreAsync();
        await using var providers = await OrleansProviders.StartAsync(database);
        await providers.Reminders.UpsertRow(Entry(GrainId.Create("session", "s1"), "wake", 1), Cancellation);
        await database.ExecuteAsync("insert into OrleansRemindersTable select 'other', GrainId, ReminderName, StartTime, Period, GrainHash from OrleansRemindersTable");

        await providers.Reminders.TestOnlyClearTable(Cancellation);

        (await database.ScalarAsync<string>("select string_agg(ServiceId, ',') from OrleansRemindersTable")).ShouldBe("other");
    }

    // (begin, end] on a ring of 32 bits; a range that begins where it ends is the whole ring.
    private static bool IsIn(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Entry(GrainId grain, string name, int minutes) =>
        new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = TimeSpan.FromMinutes(minutes) };
}
