using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;
using DrMesh.TestKit;
using DrMesh.TestKit.Repositories;

namespace DrMesh.Console.Tests;

/// <summary>Who mistypes a backup's name is shown the nearest that a tier has.</summary>
public sealed class RepoNameTests : IAsyncLifetime
{
    private TestDirectory _directory = null!;

    public async ValueTask InitializeAsync()
    {
        _directory = await TestDirectory.CreateAsync();
        await using var repository = await LocalRepository.OpenAsync(_directory.Path);
        await using var writer = await repository.BeginAsync(
            new BackupDraft { Id = new BackupId("orders-20261128-010500"), Source = "orders", Engine = "files", StartedAt = DateTimeOffset.UnixEpoch }, TestContext.Current.CancellationToken);
        await writer.CommitAsync(new BackupCompletion { CompletedAt = DateTimeOffset.UnixEpoch }, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("restore", "--target", "/nowhere")]
    [InlineData("copy", "--repo", "file:///{0}/second")]
    public async Task Backup_NameMistyped_ShowsTheNearest(string command, params string[] more)
    {
        string[] line =
        [
            "repo", command, "orders-20261128-01500", "--repo", $"file://{_directory.Path}/store", "--key-file", Path.Combine(_directory.Path, "key"),
            .. more.Select(word => word.Replace("/{0}", _directory.Path, StringComparison.Ordinal)),
        ];

        var run = await ConsoleRun.Async(line);

        run.Error.ShouldBe("drmesh: no tier has a backup orders-20261128-01500; did you mean orders-20261128-010500?\n");
        run.ExitCode.ShouldBe(ExitCodes.Usage);
    }
}
