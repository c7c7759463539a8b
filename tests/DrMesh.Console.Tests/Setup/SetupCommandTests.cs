using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.TestKit;

namespace DrMesh.Console.Tests.Setup;

/// <summary><c>drmesh doctor</c> and <c>drmesh init</c> on real servers.</summary>
public sealed class SetupCommandTests(TwoServers servers) : IClassFixture<TwoServers>
{
    [Fact]
    public async Task Init_PrimaryAndStandby_WritesAnEstateThatFitsAndIsValid()
    {
        using var folder = await TestDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "estate.yaml");
        string[] line =
        [
            "init", "--server", TwoServers.Of("us-east-1", servers.Standby), "--server", TwoServers.Of("eu-west-1", servers.Primary), "--application", "orders",
            "--repository", Path.Combine(folder.Path, "backups"), "--out", file,
        ];

        var run = await ConsoleRun.Async(line);

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Output.ShouldContain("eu-west-1/db1 is the primary; us-east-1/db1 follows");
        var valid = await ConsoleRun.Async("estate", "validate", file);
        valid.ExitCode.ShouldBe(ExitCodes.Done, valid.Error);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        text.ShouldContain("orders-us:");
        text.ShouldContain("primaryRegion: eu-west-1");

        var again = await ConsoleRun.Async(line);
        (again.ExitCode, again.Error).ShouldBe((ExitCodes.Usage, $"drmesh: {file} is there already; name another file with --out, or write over it with --force\n"));
        (await ConsoleRun.Async([.. line, "--force"])).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task Init_ServersOfTwoClusters_AreRefused()
    {
        var run = await ConsoleRun.Async("init", "--server", TwoServers.Of("eu", servers.Primary), "--server", TwoServers.Of("us", servers.Stranger), "--out", "-");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("drmesh: they are not of one cluster: eu/db1 has system identifier ");
    }

    [Fact]
    public async Task Init_PersonAnswers_AsksForWhatNoOptionSaid()
    {
        using var folder = await TestDirectory.CreateAsync();
        var typed = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = Path.Combine(AppContext.BaseDirectory, "drmesh"),
                Arguments = ["init", "--out", $"{folder.Path}/estate.yaml"],
                Input = $"eu\nHost=127.0.0.1;Port={servers.Primary.Port};Username=postgres\n\norders\n\n/backups\n",
            }.InTerminal(),
            TestContext.Current.CancellationToken);

        typed.ExitCode.ShouldBe(ExitCodes.Done, typed.Output);
        typed.Output.ShouldContain("eu/db1 is the primary; nobody follows");
        var text = await File.ReadAllTextAsync(Path.Combine(folder.Path, "estate.yaml"), TestContext.Current.CancellationToken);
        text.ShouldContain("directory: /backups");
        text.ShouldNotContain("services:");
    }

    [Theory]
    [InlineData("eu=Host=127.0.0.1;Password=secret", "the connection string on the command line holds a password")]
    [InlineData("Host=127.0.0.1", "the region of 127.0.0.1:5432 is not given")]
    [InlineData("eu=Username=x", "names no host")]
    [InlineData("eu=Colour=red", "is no server")]
    public async Task Init_UnusableServer_SaysWhatToWrite(string server, string expected)
    {
        var run = await ConsoleRun.Async("init", "--server", server);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task Doctor_RealServers_FindsWhatIsWrongAndOnlyThat()
    {
        var run = await ConsoleRun.Async("doctor", "--server", TwoServers.Of("eu", servers.Primary), "--server", TwoServers.Of("us", servers.Standby), "--output", "json");

        run.ExitCode.ShouldBe(ExitCodes.Failed, run.Error);
        var findings = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("level").GetString() == "problem" && finding.GetProperty("subject").GetString()!.Contains("/db1", StringComparison.Ordinal))
            .Select(finding => $"{finding.GetProperty("subject")}: {finding.GetProperty("message")} -> {finding.GetProperty("remedy")}").ToArray();
        findings.ShouldBe(
        [
            "eu/db1: max_wal_senders = 3; 5 are needed for its standbys, the archive, a backup and a standby made anew -> alter system set max_wal_senders = 10; then restart it",
            "us/db1: max_wal_senders = 3; 5 are needed for its standbys, the archive, a backup and a standby made anew -> alter system set max_wal_senders = 10; then restart it",
        ]);
    }

    [Fact]
    public async Task Doctor_EstateOfTheServers_LooksAtEachAsDeclared()
    {
        using var folder = await TestDirectory.CreateAsync();
        var file = Path.Combine(folder.Path, "estate.yaml");
        (await ConsoleRun.Async("init", "--server", TwoServers.Of("eu", servers.Primary), "--server", TwoServers.Of("us", servers.Standby), "--application", "orders", "--out", file))
            .ExitCode.ShouldBe(ExitCodes.Done);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("orders-us:", "orders-usa:", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var run = await ConsoleRun.Async("doctor", "--estate", file);

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Output.ShouldContain("us/db1: its primary knows it as orders-us, the estate as orders-usa: no commit would wait for it");
        run.Output.ShouldContain("application_name=orders-usa");
    }

    [Fact]
    public async Task Doctor_NobodyListens_SaysWhereAndHowToTry()
    {
        var run = await ConsoleRun.Async("doctor", "--server", $"Host=127.0.0.1;Port={LoopbackPort.Next()};Username=postgres");

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Output.ShouldContain("does not answer at 127.0.0.1:");
        run.Output.ShouldContain("→ psql -h 127.0.0.1 -p ");
    }
}
