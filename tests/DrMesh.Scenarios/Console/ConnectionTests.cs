using System.Text.Json;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Engines.Processes;
using DrMesh.Scenarios.Mesh;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;

namespace DrMesh.Scenarios.Console;

/// <summary>The ways a command finds the mesh, and as whom.</summary>
[Collection(nameof(CommandMesh))]
public sealed class ConnectionTests(CommandMesh mesh)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_ByStore_FindsTheSilosInIt()
    {
        var store = mesh.Mesh.StoreConnectionString;

        var status = await RunAsync(["status", "--store", store, "--output", "json"], AccessRole.Viewer);
        status.ExitCode.ShouldBe(ExitCodes.Done, status.Error);
        JsonDocument.Parse(status.Output).RootElement.GetProperty("mesh").GetProperty("regions").GetArrayLength().ShouldBe(2);

        var without = await RunAsync(["status", "--store", store], role: null);
        without.ExitCode.ShouldBe(ExitCodes.Failed, "the client file's token is for the client file's mesh");
        without.Error.ShouldStartWith("drmesh: the call carries no access token; ");

        var other = await ToolProcess.RunAsync(Command(["status", "--store", store], AccessRole.Viewer, ("DRMESH_CLUSTER", "other")), Cancellation);
        other.ExitCode.ShouldBe(ExitCodes.Unreachable);
        other.Error.ShouldStartWith("drmesh: the control store knows no silo of cluster other that answered within 10 s; ");

        var password = await RunAsync(["status", "--store", $"{store};Password=secret"], AccessRole.Viewer);
        password.ExitCode.ShouldBe(ExitCodes.Usage);
        password.Error.ShouldContain("holds a password");
        password.Error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Status_NobodyThere_IsUnreachableWithTheNextStep()
    {
        var port = LoopbackPort.Next();

        var gateway = await RunAsync(["status", "--gateways", $"127.0.0.1:{port}"], AccessRole.Viewer);
        gateway.ExitCode.ShouldBe(ExitCodes.Unreachable);
        gateway.Error.ShouldBe($"drmesh: no silo answered at 127.0.0.1:{port} within 10 s; start one with drmesh silo run or drmesh mesh up, or correct --gateways\n");

        var store = await RunAsync(["status", "--store", $"Host=127.0.0.1;Port={port};Database=drmesh;Username=drmesh"], AccessRole.Viewer);
        store.ExitCode.ShouldBe(ExitCodes.Unreachable);
        store.Error.ShouldStartWith("drmesh: the control store did not name a gateway within 10 s: ");
    }

    [Fact]
    public async Task Access_ByRole_ReadsForViewersOnlyAndNothingForStrangers()
    {
        await using var viewer = await mesh.Mesh.ConnectAsync(AccessRole.Viewer);
        await using var stranger = await Client.MeshConnection.OpenAsync(mesh.Mesh.Options() with { TokenFile = null }, cancellationToken: Cancellation);

        (await viewer.OverviewAsync()).Regions.Select(region => region.Region).ShouldBe([new RegionId("a"), new RegionId("b")], ignoreOrder: true);
        (await Should.ThrowAsync<DrMeshException>(() => viewer.Grains.GetGrain<IManagementGrain>(0).GetHosts()))
            .Code.ShouldBe(DrMeshError.NotAuthorized);
        (await Should.ThrowAsync<DrMeshException>(stranger.OverviewAsync)).Code.ShouldBe(DrMeshError.NotAuthenticated);
    }

    [Fact]
    public async Task Names_Mistyped_ShowTheNearest()
    {
        var command = await mesh.Mesh.RunAsync(Programs.Silo, "mesh", "upp");
        command.ExitCode.ShouldBe(ExitCodes.Usage);
        command.Error.ShouldBe("drmesh: drmesh mesh knows no command \"upp\"; did you mean up?\n");
        (await mesh.Mesh.RunAsync(Programs.Silo, "store", "init", "--conection", "x")).Error.ShouldBe("drmesh: drmesh store init knows no option \"--conection\"; did you mean --connection?\n");
        (await mesh.RunAsync("statsu")).Error.ShouldBe("drmesh: drmesh knows no command \"statsu\"; did you mean status?\n");

        var session = await mesh.RunAsync("sessions", "show", "backup-nowhere");
        (session.ExitCode, session.Error).ShouldBe((ExitCodes.Usage, "drmesh: there is no session backup-nowhere; drmesh sessions list shows them\n"));
    }

    private Task<ToolResult> RunAsync(string[] arguments, AccessRole? role) => ToolProcess.RunAsync(Command(arguments, role), Cancellation);

    private ToolCommand Command(string[] arguments, AccessRole? role, params (string Name, string Value)[] environment)
    {
        var command = mesh.Mesh.Command(Programs.Console, arguments);
        var variables = new Dictionary<string, string?>(command.Environment) { ["DRMESH_TOKEN_FILE"] = role is { } given ? mesh.Mesh.TokenFile(given) : null };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        return command with { Environment = variables };
    }
}
