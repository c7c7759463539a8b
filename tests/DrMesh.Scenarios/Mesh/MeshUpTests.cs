using DrMesh.Contracts.Errors;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Mesh;

/// <summary><c>drmesh mesh up</c> and what it leaves behind.</summary>
public sealed class MeshUpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UpAndDown_Repeated_ChangeNothingTheSecondTime()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a,b");
        var pids = mesh.Silos.Select(silo => silo.Pid).ToList();

        (await mesh.UpAsync()).Output.ShouldBe("the mesh already runs: a/node-1, b/node-1\n");
        mesh.Silos.Select(silo => silo.Pid).ShouldBe(pids);
        var status = await mesh.RunAsync(Programs.Console, "status", "--output", "json");
        status.ExitCode.ShouldBe(ExitCodes.Done, status.Error);
        status.Output.ShouldContain("a/node-1");
        var other = await mesh.RunAsync(Programs.Silo, "mesh", "up", "--regions", "x");
        other.ExitCode.ShouldBe(ExitCodes.Usage);
        other.Error.ShouldContain("a mesh with silo a/node-1 already runs");

        (await mesh.RunAsync(Programs.Silo, "mesh", "down")).Output.ShouldBe("ended: a/node-1, b/node-1\n");
        mesh.Silos.ShouldAllBe(silo => !silo.IsAlive);
        mesh.Store.ReadPostmasterPid().ShouldBeNull();
        (await mesh.RunAsync(Programs.Silo, "mesh", "down")).Output.ShouldBe("no local silo was running\n");
    }

    [Fact]
    public async Task Down_ProcessIdOfAnotherProgram_IsLeftAlone()
    {
        await using var mesh = await MeshFixture.StartNewAsync("a");
        var silo = mesh.Silo("a");
        silo.Kill();
        await Eventually.HoldsAsync(() => Task.FromResult(!silo.IsAlive), TimeSpan.FromSeconds(10), () => "still there", Cancel);
        using var bystander = System.Diagnostics.Process.Start("sleep", "600");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(silo.Config)!, "silo.pid"), $"{bystander.Id}", Cancel);

            (await mesh.RunAsync(Programs.Silo, "mesh", "down")).Output.ShouldBe("no local silo was running\n");
            bystander.HasExited.ShouldBeFalse();
        }
        finally
        {
            bystander.Kill();
        }
    }
}
