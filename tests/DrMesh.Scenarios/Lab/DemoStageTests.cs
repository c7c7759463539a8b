using DrMesh.Client;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Demo;
using DrMesh.Scenarios.Console;

namespace DrMesh.Scenarios.Lab;

/// <summary>How the demo follows what the mesh does.</summary>
[Collection(nameof(CommandMesh))]
public sealed class DemoStageTests(CommandMesh mesh)
{
    [Fact]
    public async Task Follow_SessionThatNobodyKnows_EndsWithItsReason()
    {
        await using var connection = await mesh.Mesh.ConnectAsync();
        await using var view = new PlainView(TextWriter.Null, TimeProvider.System);
        var stage = Stage(connection, view);
        var id = SessionId.Create(SessionKinds.Recovery, DateTimeOffset.UnixEpoch, 7);

        var fault = await Should.ThrowAsync<DrMeshException>(() => stage.FollowAsync(id, TestContext.Current.CancellationToken));

        fault.Code.ShouldBe(DrMeshError.SessionUnknown);
        fault.Message.ShouldBe("session recovery-19700101-000000-0007 was announced, and no silo has known it for 1 s");
    }

    [Fact]
    public async Task Await_SessionThatNeverBegins_EndsWithItsReason()
    {
        await using var connection = await mesh.Mesh.ConnectAsync();
        await using var view = new PlainView(TextWriter.Null, TimeProvider.System);

        var fault = await Should.ThrowAsync<DrMeshException>(
            () => Stage(connection, view).AwaitSessionAsync(SessionKinds.Recovery, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));

        fault.Message.ShouldBe("no recovery session has begun within 1 s");
    }

    private static DemoStage Stage(MeshConnection connection, PlainView view) =>
        new(null!, connection, null!, view, TimeProvider.System) { UnknownGrace = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(1) };
}
