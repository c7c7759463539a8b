using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Logs;
using DrMesh.Engines.Repository.Tests.Harness;

namespace DrMesh.Engines.Repository.Tests.Logs;

public sealed class LogArchiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_SameNameOtherContent_IsAConflict()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        var archive = repository.OpenLog("orders", "t0");

        (await archive.WriteAsync(Segment(1), Content(1, 3_000_000), Token)).ShouldBeTrue();
        (await archive.WriteAsync(Segment(1), Content(1, 3_000_000), Token)).ShouldBeFalse();
        (await Should.ThrowAsync<DrMeshException>(() => archive.WriteAsync(Segment(1), Content(2, 3_000_000), Token)))
            .Code.ShouldBe(DrMeshError.RepositoryLogConflict);
        (await archive.ReadAsync(Segment(1), Token))!.Content.ToArray().ShouldBe(Content(1, 3_000_000));
    }

    [Fact]
    public async Task Partial_LongerReplacesShorterAndCompleteReplacesAll()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        var archive = repository.OpenLog("orders", "t0");
        await archive.WritePartialAsync(Segment(2), Content(1, 1000), Token);
        await archive.WritePartialAsync(Segment(2), Content(1, 2000), Token);
        await archive.WritePartialAsync(Segment(2), Content(1, 500), Token);

        var partial = (await archive.ReadAsync(Segment(2), Token))!;
        partial.IsComplete.ShouldBeFalse();
        partial.Content.Length.ShouldBe(2000);
        place.Objects().Count(file => file.Contains(".part-", StringComparison.Ordinal)).ShouldBe(1);

        await archive.WriteAsync(Segment(2), Content(1, 4000), Token);
        await archive.WritePartialAsync(Segment(2), Content(1, 5000), Token);
        (await archive.ReadAsync(Segment(2), Token))!.IsComplete.ShouldBeTrue();
        place.Objects().ShouldNotContain(file => file.Contains(".part-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_RangeAndGroups_InOrderWithHolesToSee()
    {
        using var place = await TestRepository.CreateAsync();
        await using var repository = await place.OpenAsync();
        var archive = repository.OpenLog("orders", "t0");
        foreach (var number in new[] { 5, 1, 2, 4 })
        {
            await archive.WriteAsync(Segment(number), Content(number, 10), Token);
        }

        await archive.WritePartialAsync(Segment(6), Content(6, 7), Token);
        await archive.WriteAsync(new LogName("history", "00000002.history"), Content(9, 5), Token);
        await repository.OpenLog("orders2", "t0").WriteAsync(Segment(3), Content(3, 10), Token);

        (await NamesAsync(archive.ListAsync(cancellationToken: Token))).ShouldBe(["1", "2", "4", "5", "6 partial", "history"]);
        (await NamesAsync(archive.ListAsync(Segment(2), Segment(4), Token))).ShouldBe(["2", "4"]);
        (await archive.LastAsync("00000001", Token))!.Name.ShouldBe(Segment(6));
        (await archive.LastAsync("00000002", Token)).ShouldBeNull();
        (await archive.DeleteBeforeAsync(Segment(4), Token)).ShouldBe(2);
        (await NamesAsync(archive.ListAsync(cancellationToken: Token))).ShouldBe(["4", "5", "6 partial", "history"]);
        (await archive.ReadAsync(Segment(1), Token)).ShouldBeNull();
    }

    private static LogName Segment(int number) => new("00000001", $"0000000100000000{number:x8}");

    private static byte[] Content(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static async Task<List<string>> NamesAsync(IAsyncEnumerable<LogEntry> entries)
    {
        var names = new List<string>();
        await foreach (var entry in entries)
        {
            names.Add(entry.Name.Group == "history" ? "history" : entry.Name.Name[^1] + (entry.IsComplete ? "" : " partial"));
        }

        return names;
    }
}
