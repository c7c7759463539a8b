using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Client.Tests.Connecting;

public sealed class ConnectionSourceTests : IAsyncLifetime
{
    private readonly Dictionary<string, string?> _environment = [];
    private TestDirectory _state = null!;

    public async ValueTask InitializeAsync()
    {
        _state = await TestDirectory.CreateAsync();
        _environment["DRMESH_STATE"] = _state.Path;
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Find_CommandLine_CountsBeforeEnvironmentAndFile()
    {
        WriteClientFile();
        _environment["DRMESH_GATEWAYS"] = "e:1";
        _environment["DRMESH_STORE"] = "Host=e";

        var byGateways = Find(gateways: " a:1, b:2 ,");
        var byStore = Find(store: "Host=a");

        byGateways.Gateways.ShouldBe(["a:1", "b:2"]);
        byGateways.ControlStore.ShouldBeNull("the environment's store is not mixed in");
        byGateways.TokenFile.ShouldBeNull("a token is presented only to the mesh it was given for");
        (byStore.Gateways.IsEmpty, byStore.ControlStore).ShouldBe((true, "Host=a"));
    }

    [Fact]
    public void Find_Environment_CountsBeforeTheFile()
    {
        WriteClientFile();
        _environment["DRMESH_STORE"] = "Host=e";
        _environment["DRMESH_CLUSTER"] = "other";
        _environment["DRMESH_TOKEN_FILE"] = "/run/token";

        var found = Find();

        (found.Gateways.IsEmpty, found.ControlStore, found.ClusterId, found.TokenFile).ShouldBe((true, "Host=e", "other", "/run/token"));
    }

    [Fact]
    public void Find_File_CountsWhenNothingElseSays()
    {
        WriteClientFile();
        _environment["DRMESH_GATEWAYS"] = "";

        Find().Gateways.ShouldBe(["f:1"]);
        Find().TokenFile.ShouldBe(Path.Combine(_state.Path, "token"));
        _environment["DRMESH_TOKEN_FILE"] = "/run/token";
        Find().TokenFile.ShouldBe("/run/token", "the variable counts for the file's mesh, too");
    }

    [Fact]
    public void Find_Nothing_SaysHowToStartOrNameAMesh()
    {
        var fault = Should.Throw<DrMeshException>(() => Find());

        fault.Code.ShouldBe(DrMeshError.MeshUnreachable);
        fault.Message.ShouldBe($"nothing says where the mesh is: there is no {_state.Path}/client.yaml");
        fault.Hint.ShouldBe("start a local one with drmesh mesh up, or give --gateways host:port or --store");
    }

    [Theory]
    [InlineData("Host=a;Password=secret")]
    [InlineData("Host=a;PWD=secret")]
    public void Find_PasswordOnTheCommandLine_IsRefused(string store)
    {
        var fault = Should.Throw<DrMeshException>(() => Find(store: store));

        (fault.Code, fault.Message).ShouldBe((DrMeshError.UsageInvalid, "the connection string on the command line holds a password"));
        _environment["DRMESH_STORE"] = store;
        Find().ControlStore.ShouldBe(store, "other users do not see the environment");
    }

    private DrMeshClientOptions Find(string? gateways = null, string? store = null) =>
        ConnectionSource.Find(gateways, store, name => _environment.GetValueOrDefault(name));

    private void WriteClientFile() =>
        ClientFile.Write(Path.Combine(_state.Path, ClientFile.Name), new DrMeshClientOptions { Gateways = ["f:1"], TokenFile = "token" });
}
