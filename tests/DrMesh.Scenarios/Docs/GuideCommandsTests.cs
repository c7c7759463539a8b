using DrMesh.Contracts.Errors;
using DrMesh.Scenarios.Console;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Docs;

/// <summary>Every command of README and the guides is run: here on a mesh, in the tutorial on two servers, or by the test that is named beside it.</summary>
[Collection(nameof(CommandMesh))]
public sealed class GuideCommandsTests(CommandMesh mesh)
{
    private const string Tutorial = "TutorialTests types it at two real servers";
    private const string Moves = "DemoTests and DrMesh.Grains.Tests move primaries; here no database runs";
    private const string Fleet = "it names machines of three regions; the same is run by SetupCommandTests on two real servers";
    private const string Applications = "UnifiedBackupTests and DemoTests back a whole application up and restore it";
    private const string Session = "it names a session of the reader's; MistypedNameTests and the sessions' own tests run it";
    private const string Traffic = "it names a service of the reader's; DemoTests switches one at a real DNS server";
    private const string Bare = "BareMachineTests reads a repository without a mesh";

    /// <summary>How a command begins, and why it is not run on this mesh.</summary>
    private static readonly Dictionary<string, string> RunElsewhere = new(StringComparer.Ordinal)
    {
        ["demo"] = "DemoTests runs it whole and DemoEndTests ends it early; --step and --keep want a person",
        ["lab"] = "DemoEndTests runs the lab's program",
        ["test"] = "it is what runs this test",
        ["init"] = Fleet,
        ["doctor --server"] = Fleet,
        ["doctor --estate"] = Tutorial,
        ["mesh up"] = Tutorial,
        ["mesh down"] = Tutorial,
        ["archive orders"] = Tutorial,
        ["cluster show orders"] = Tutorial,
        ["cluster set-durability orders"] = "DrMesh.Grains.Tests change the durability of a real cluster; MistypedNameTests runs the command",
        ["backup create orders"] = Tutorial,
        ["backup list orders"] = Tutorial,
        ["pitr windows orders"] = Tutorial,
        ["pitr plan orders"] = "DroppedTableTests plans and runs recoveries of a real server",
        ["switchover orders --to us-east-1"] = Tutorial,
        ["switchover orders --to eu-west-1 --plan"] = Moves,
        ["switchover shop"] = Moves,
        ["failback orders"] = Tutorial,
        ["failback shop"] = Moves,
        ["failover"] = Moves,
        ["backup create --app"] = Applications,
        ["backup list --app"] = Applications,
        ["backup show --app"] = Applications,
        ["restore"] = Applications,
        ["pitr plan --app"] = Applications,
        ["pitr run --app"] = Applications,
        ["sessions watch"] = Session,
        ["sessions explain"] = Session,
        ["traffic"] = Traffic,
        ["repo ls"] = Bare,
        ["repo verify"] = Bare,
        ["repo restore"] = Bare,
        ["repo rotate-key"] = "KeyRotationTests rotate keys; its address is a bucket of the reader's",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> RunHere() => new(DocCommands.All().Where(command => Elsewhere(command) is null).Select(command => string.Join(' ', command.Words)).Distinct());

    [Theory]
    [MemberData(nameof(RunHere))]
    public async Task Page_Command_Runs(string line)
    {
        var words = DocCommands.All().First(command => string.Join(' ', command.Words) == line).Words;
        var file = await mesh.WriteAsync("estate.yaml", CommandMesh.Estate);
        var key = Path.Combine(mesh.Mesh.StateFolder, $"{Guid.NewGuid():N}.key");
        string[] typed =
        [
            .. words.Select(word => word switch
            {
                "estate.yaml" => file,
                ['/', 'e', 't', 'c', ..] when word.EndsWith(".key", StringComparison.Ordinal) => key,
                ['1', '0', '.', ..] => string.Join(',', mesh.Mesh.Silos.Select(silo => $"127.0.0.1:{silo.GatewayPort}")),
                _ => word,
            }),
        ];
        if (words is ["estate", "apply", ..])
        {
            typed = [.. typed, "--yes"];
        }

        var run = words[0] is "store" or "mesh" ? await mesh.Mesh.RunAsync(Programs.Silo, typed) : await RunWithTokenAsync(typed);

        run.ExitCode.ShouldBe(ExitCodes.Done, $"drmesh {string.Join(' ', typed)}\n{run.Error}{run.Output}");
    }

    [Fact]
    public void RunElsewhere_EveryEntry_IsOfSomePage() =>
        RunElsewhere.Keys.Where(entry => !DocCommands.All().Any(command => Begins(command, entry))).ShouldBeEmpty("a command that no page names needs no reason");

    private static string? Elsewhere(DocCommand command) => RunElsewhere.Keys.FirstOrDefault(entry => Begins(command, entry));

    private static bool Begins(DocCommand command, string entry) =>
        command.Words.Count >= entry.Split(' ').Length && command.Words.Take(entry.Split(' ').Length).SequenceEqual(entry.Split(' '));

    private async Task<Engines.Processes.ToolResult> RunWithTokenAsync(string[] words)
    {
        var command = mesh.Mesh.Command(Programs.Console, words);
        var environment = new Dictionary<string, string?>(command.Environment) { ["DRMESH_TOKEN_FILE"] = mesh.Mesh.TokenFile(Contracts.Access.AccessRole.Admin) };
        return await Engines.Processes.ToolProcess.RunAsync(command with { Environment = environment }, Cancellation);
    }
}
