using System.Text.Json;
using DrMesh.Contracts.Errors;

namespace DrMesh.Scenarios.Console;

/// <summary><c>drmesh estate plan|apply|show|history</c> on a mesh of its own: it begins where nothing was applied yet.</summary>
public sealed class EstateTests(CommandMesh mesh) : IClassFixture<CommandMesh>
{
    [Fact]
    public async Task PlanApplyShow_OneEstateAfterAnother_AreOneLife()
    {
        var file = await mesh.WriteAsync("estate.yaml", CommandMesh.Estate);

        var plan = await mesh.RunAsync("estate", "plan", file);
        plan.ExitCode.ShouldBe(ExitCodes.Done, plan.Error);
        plan.Output.ShouldContain("+ regions.a:");
        plan.Output.ShouldContain("2 to add, 0 to change, 0 to remove");

        var asked = await mesh.RunAsync("estate", "apply", file);
        asked.ExitCode.ShouldBe(ExitCodes.NeedsApproval, "without a terminal nobody can agree");
        asked.Error.ShouldBe($"drmesh: {file} was not applied: nobody agreed to its 2 changes; repeat with --yes to apply it without a question\n");
        (await mesh.RunAsync("estate", "show")).Output.ShouldBe("# nothing was applied yet\n");

        var refused = await mesh.TypeAsync("no\n", "estate", "apply", file);
        refused.ExitCode.ShouldBe(ExitCodes.NeedsApproval, refused.Output);
        refused.Output.ShouldContain("Only \"yes\" is taken");
        var agreed = await mesh.TypeAsync("yes\n", "estate", "apply", file, "--reason", "first");
        agreed.ExitCode.ShouldBe(ExitCodes.Done, agreed.Output);
        agreed.Output.ShouldContain("applied as version 1: 2 to add, 0 to change, 0 to remove");

        var again = await mesh.RunAsync("estate", "apply", file, "--yes");
        (again.ExitCode, again.Output).ShouldBe((ExitCodes.Done, $"nothing to change: {file} is what version 1 already says\n"));

        await mesh.WriteAsync("estate.yaml", CommandMesh.Estate.Replace("127.0.0.2", "127.0.0.3", StringComparison.Ordinal));
        (await mesh.RunAsync("estate", "plan", file)).Output.ShouldContain("~ regions.b.nodes.node-1.address: 127.0.0.2 → 127.0.0.3");
        var changed = await mesh.RunAsync("estate", "apply", file, "--yes", "--reason", "moved", "--output", "json");
        JsonDocument.Parse(changed.Output).RootElement.GetProperty("version").GetInt64().ShouldBe(2);

        var shown = await mesh.RunAsync("estate", "show");
        shown.Output.ShouldStartWith("# version 2, ");
        await mesh.WriteAsync("shown.yaml", shown.Output);
        (await mesh.RunAsync("estate", "apply", Path.Combine(mesh.Mesh.StateFolder, "shown.yaml"), "--yes")).Output.ShouldStartWith("nothing to change: ", Case.Sensitive, "what is shown is the estate");
        var history = await mesh.RunAsync("estate", "history");
        history.Output.ShouldContain("moved");
        history.Output.ShouldContain("first");
    }

    [Fact]
    public async Task Apply_BadFile_ChangesNothing()
    {
        var before = (await mesh.RunAsync("estate", "history", "--output", "json")).Output;
        var file = await mesh.WriteAsync("bad.yaml", CommandMesh.Estate + "colour: red\n");

        var applied = await mesh.RunAsync("estate", "apply", file, "--yes");

        applied.ExitCode.ShouldBe(ExitCodes.Usage);
        applied.Error.ShouldContain($"{file}:8:1: colour: key \"colour\" is not known here");
        applied.Error.ShouldEndWith("nothing was changed; mend them and repeat\n");
        (await mesh.RunAsync("estate", "history", "--output", "json")).Output.ShouldBe(before);
    }
}
