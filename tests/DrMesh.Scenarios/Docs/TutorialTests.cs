using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Docs;

/// <summary>README's tutorial, typed line by line at two real servers; only ports and folders are this test's own.</summary>
public sealed class TutorialTests
{
    private const string Heading = "## Ten minutes with your own two PostgreSQL servers";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tutorial_TypedAsItStands_EachCommandDoesWhatItSays()
    {
        await using var primary = await PostgresServer.StartNewAsync(Settings());
        await primary.ExecuteAsync("create role drmesh superuser login");
        await primary.ExecuteAsync("create table orders as select generate_series(1, 1000) as id");
        await using var standby = await PostgresServer.StartStandbyAsync(primary, "orders-us");
        using var folder = await TestDirectory.CreateAsync();
        var commands = DocCommands.Under(Heading);
        commands.Count.ShouldBeGreaterThan(15);
        try
        {
            foreach (var command in commands)
            {
                await TypeAsync(folder, [.. command.Words.Select(word => Here(word, folder, primary, standby))]);
                if (command.Words is ["cluster", ..])
                {
                    await UntilHealthyAsync(folder);
                }
            }
        }
        finally
        {
            await RunAsync(folder, ["mesh", "down"]);
        }

        (await primary.ScalarAsync<long>("select count(*) from orders")).ShouldBe(1000);
        (await primary.ScalarAsync<bool>("select pg_is_in_recovery()")).ShouldBeFalse("it went to the other region and back");
    }

    private static Dictionary<string, string> Settings() => new()
    {
        ["fsync"] = "on", ["wal_log_hints"] = "on", ["max_wal_senders"] = "20", ["wal_keep_size"] = "512MB", ["wal_retrieve_retry_interval"] = "250ms",
    };

    private static string Here(string word, TestDirectory folder, PostgresServer primary, PostgresServer standby) => word
        .Replace("Port=5441", $"Port={primary.Port}", StringComparison.Ordinal)
        .Replace("Port=5442", $"Port={standby.Port}", StringComparison.Ordinal)
        .Replace("/var/lib/drmesh/repository", Path.Combine(folder.Path, "repository"), StringComparison.Ordinal)
        .Replace("/etc/drmesh/repository.key", Path.Combine(folder.Path, "repository.key"), StringComparison.Ordinal)
        .Replace("estate.yaml", Path.Combine(folder.Path, "estate.yaml"), StringComparison.Ordinal);

    private static async Task TypeAsync(TestDirectory folder, string[] words)
    {
        var run = await RunAsync(folder, words);

        run.ExitCode.ShouldBe(ExitCodes.Done, $"drmesh {string.Join(' ', words)}\n{run.Output}{run.Error}");
        if (words[0] == "init")
        {
            // The file's head says where the key is to be; this test has a folder of its own for it.
            var file = Path.Combine(folder.Path, "estate.yaml");
            await File.WriteAllTextAsync(
                file,
                (await File.ReadAllTextAsync(file, Cancellation)).Replace("/etc/drmesh/repository.key", Path.Combine(folder.Path, "repository.key"), StringComparison.Ordinal),
                Cancellation);
        }
    }

    // A person looks again until nothing is found wrong, as the page's comment says.
    private static async Task UntilHealthyAsync(TestDirectory folder)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                last = (await RunAsync(folder, ["switchover", "orders", "--to", "us-east-1", "--plan"])).Output;
                var archive = await RunAsync(folder, ["archive", "orders"]);
                var shown = (await RunAsync(folder, ["cluster", "show", "orders", "--output", "json"])).Output;
                last += archive.Output + shown;
                return shown.Contains("\"findings\": []", StringComparison.Ordinal) && archive.ExitCode == ExitCodes.Done;
            },
            TimeSpan.FromSeconds(60),
            () => last,
            Cancellation);
    }

    private static Task<ToolResult> RunAsync(TestDirectory folder, string[] words) => ToolProcess.RunAsync(
        new ToolCommand
        {
            Program = Programs.Console,
            Arguments = words,
            Environment = new Dictionary<string, string?>
            {
                ["DRMESH_STATE"] = folder.Path, ["DRMESH_SILO_PROGRAM"] = Programs.Silo, ["DRMESH_GATEWAYS"] = null, ["DRMESH_STORE"] = null, ["DRMESH_TOKEN_FILE"] = null,
            },
        },
        Cancellation);
}
