using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Client.Tests;

/// <summary>Connecting where no mesh is.</summary>
public sealed class MeshConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_NobodyListens_FailsWithinItsTimeInOneSentence()
    {
        var port = LoopbackPort.Next();
        var begun = TimeProvider.System.GetTimestamp();

        var fault = await Should.ThrowAsync<DrMeshException>(() => MeshConnection.OpenAsync(
            new DrMeshClientOptions { Gateways = [$"127.0.0.1:{port}"], ConnectTimeout = TimeSpan.FromSeconds(1) }, cancellationToken: Cancellation));

        fault.Code.ShouldBe(DrMeshError.MeshUnreachable);
        fault.Message.ShouldBe($"no silo answered at 127.0.0.1:{port} within 1 s");
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Open_StoreIsDown_SaysThatTheStoreDoesNotAnswer()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => MeshConnection.OpenAsync(
            new DrMeshClientOptions { ControlStore = $"Host=127.0.0.1;Port={LoopbackPort.Next()};Database=drmesh;Username=drmesh", ConnectTimeout = TimeSpan.FromSeconds(5) },
            cancellationToken: Cancellation));

        fault.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        // Refused or, on a machine that is slow to begin, not answered in time: the store is named, not the mesh.
        fault.Message.ShouldContain("control store");
        fault.Message.ShouldContain("within 5 s");
    }

    [Fact]
    public async Task Open_GatewaysNameIsUnknown_NamesIt()
    {
        var fault = await Should.ThrowAsync<DrMeshException>(
            () => MeshConnection.OpenAsync(new DrMeshClientOptions { Gateways = ["nowhere.invalid:30000"] }, cancellationToken: Cancellation));

        fault.Message.ShouldStartWith("gateway nowhere.invalid:30000: ");
        fault.Hint.ShouldBe("give the silo's address, or correct its name in DNS");
    }
}
