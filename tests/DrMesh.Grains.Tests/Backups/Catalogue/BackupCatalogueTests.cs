using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Catalogue;
using DrMesh.Grains.Backups.Catalogue;
using DrMesh.Grains.Tests.ControlStore;
using DrMesh.TestKit.Repositories;

namespace DrMesh.Grains.Tests.Backups.Catalogue;

/// <summary>What a catalogue must do, on the real one in a control store and on the fake.</summary>
public sealed class BackupCatalogueTests(ControlStoreFixture fixture)
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RecordAsync_Rows_AreReadAsTheyWereWritten(bool isReal)
    {
        await using var store = await fixture.CreateStoreAsync();
        var catalogue = Create(store, isReal);
        var full = Row("b1") with
        {
            Parent = new BackupId("b0"), Labels = new Dictionary<string, string> { ["release"] = "42" }, Facts = new Dictionary<string, string> { ["stopLsn"] = "0/3000148" },
            Warnings = ["a page's checksum is wrong"], Tiers = ["hot", "cold"],
        };

        await catalogue.RecordAsync([full, Row("b2")], Cancellation);
        await catalogue.RecordAsync([Row("b2") with { Tiers = ["cold"] }], Cancellation);

        (await ListAsync(catalogue, new CatalogueQuery())).ShouldBe([Text(full), Text(Row("b2") with { Tiers = ["cold"] })]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListAsync_Query_NarrowsAndSortsTheNewestFirst(bool isReal)
    {
        await using var store = await fixture.CreateStoreAsync();
        var catalogue = Create(store, isReal);
        var labels = new Dictionary<string, string> { ["release"] = "42", ["team"] = "shop" };
        await catalogue.RecordAsync([Row("old") with { CompletedAt = At.AddHours(-2) }, Row("new"), Row("other", "carts"), Row("labelled") with { Labels = labels, CompletedAt = At.AddHours(-1) }], Cancellation);

        (await NamesAsync(catalogue, new CatalogueQuery { Source = "orders" })).ShouldBe("new labelled old");
        (await NamesAsync(catalogue, new CatalogueQuery { Source = "orders", Since = At.AddHours(-1) })).ShouldBe("new labelled");
        (await NamesAsync(catalogue, new CatalogueQuery { Source = "orders", Limit = 1 })).ShouldBe("new");
        (await NamesAsync(catalogue, new CatalogueQuery { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("release", "42") })).ShouldBe("labelled");
        (await NamesAsync(catalogue, new CatalogueQuery { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("release", "43") })).ShouldBe("");
        (await NamesAsync(catalogue, new CatalogueQuery { Engine = "files" })).ShouldBe("");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ForgetAsync_OfOneSource_LeavesTheOthers(bool isReal)
    {
        await using var store = await fixture.CreateStoreAsync();
        var catalogue = Create(store, isReal);
        await catalogue.RecordAsync([Row("b1"), Row("b2"), Row("b1", "carts")], Cancellation);

        await catalogue.ForgetAsync("orders", [new BackupId("b1"), new BackupId("unknown")], Cancellation);

        (await NamesAsync(catalogue, new CatalogueQuery { Source = "orders" })).ShouldBe("b2");
        (await NamesAsync(catalogue, new CatalogueQuery { Source = "carts" })).ShouldBe("b1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReplaceAsync_AfterReading_AddsTheMissingAndRemovesOnlyWhatIsSurelyGone(bool isReal)
    {
        await using var store = await fixture.CreateStoreAsync();
        var catalogue = Create(store, isReal);
        await catalogue.RecordAsync([Row("kept"), Row("gone"), Row("elsewhere") with { Tiers = ["cold"] }], Cancellation);
        var mark = await catalogue.MarkAsync(Cancellation);
        await catalogue.RecordAsync([Row("meanwhile")], Cancellation);

        var change = await catalogue.ReplaceAsync([Row("kept"), Row("missing")], ["cold"], mark, Cancellation);

        change.ShouldBe(new CatalogueChange(1, 1));
        (await NamesAsync(catalogue, new CatalogueQuery())).Split(' ').Order().ShouldBe(["elsewhere", "kept", "meanwhile", "missing"]);
    }

    private static IBackupCatalogue Create(StoreDatabase store, bool isReal) => isReal ? new PostgresBackupCatalogue(store.Store) : new FakeBackupCatalogue(TimeProvider.System);

    private static async Task<string> NamesAsync(IBackupCatalogue catalogue, CatalogueQuery query) =>
        string.Join(' ', (await catalogue.ListAsync(query, Cancellation)).Select(row => row.Id.Value));

    private static async Task<string[]> ListAsync(IBackupCatalogue catalogue, CatalogueQuery query) => [.. (await catalogue.ListAsync(query, Cancellation)).Select(Text)];

    private static string Text(BackupSummary row) => System.Text.Json.JsonSerializer.Serialize(row);

    private static BackupSummary Row(string id, string source = "orders") => new()
    {
        Id = new BackupId(id),
        Engine = "postgresql",
        Source = source,
        StartedAt = At.AddMinutes(-3),
        CompletedAt = At,
        LogicalBytes = 5_000_000_000,
        StoredBytes = 1_000_000_000,
        FileCount = 1200,
        Labels = new Dictionary<string, string>(),
        Facts = new Dictionary<string, string>(),
        Roots = [],
        Warnings = [],
        Tiers = ["hot"],
    };
}
