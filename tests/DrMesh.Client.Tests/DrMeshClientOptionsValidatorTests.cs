using DrMesh.Contracts.Errors;

namespace DrMesh.Client.Tests;

public sealed class DrMeshClientOptionsValidatorTests
{
    public static TheoryData<DrMeshClientOptions, string> Unusable => new()
    {
        { new DrMeshClientOptions(), "neither gateways nor a control store are given" },
        { new DrMeshClientOptions { Gateways = default }, "neither gateways nor a control store are given" },
        { new DrMeshClientOptions { Gateways = ["a"] }, "gateway \"a\" is not host:port" },
        { new DrMeshClientOptions { Gateways = ["a:1", ":2"] }, "gateway \":2\" is not host:port" },
        { new DrMeshClientOptions { Gateways = ["a:0"] }, "gateway \"a:0\" is not host:port" },
        { new DrMeshClientOptions { Gateways = ["a:65536"] }, "gateway \"a:65536\" is not host:port" },
        { new DrMeshClientOptions { Gateways = ["a b:1"] }, "gateway \"a b:1\" is not host:port" },
        { new DrMeshClientOptions { ControlStore = "somewhere" }, "the control store is not a connection string such as Host=127.0.0.1;Database=drmesh;Username=drmesh" },
        { new DrMeshClientOptions { ControlStore = "Database=drmesh" }, "the control store is not a connection string such as Host=127.0.0.1;Database=drmesh;Username=drmesh" },
        { new DrMeshClientOptions { Gateways = ["a:1"], ClusterId = " " }, "the cluster id is empty" },
        { new DrMeshClientOptions { Gateways = ["a:1"], ConnectTimeout = TimeSpan.Zero }, "time limits must be longer than 0 s" },
        { new DrMeshClientOptions { Gateways = ["a:1"], CallTimeout = TimeSpan.FromSeconds(-1) }, "time limits must be longer than 0 s" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Validate_Unusable_SaysWhatAndWhereToCorrectIt(DrMeshClientOptions options, string expected)
    {
        var fault = Should.Throw<DrMeshException>(() => DrMeshClientOptionsValidator.Validate(options));

        fault.Code.ShouldBe(DrMeshError.UsageInvalid);
        fault.Message.ShouldBe($"the connection to the mesh is not usable: {expected}");
        fault.Hint.ShouldBe("correct --gateways, --store, their variables, or the client file");
    }

    [Fact]
    public void Validate_ManyFaults_NamesThemAll() =>
        Should.Throw<DrMeshException>(() => DrMeshClientOptionsValidator.Validate(new DrMeshClientOptions { Gateways = ["a"], ControlStore = "b", ClusterId = "" }))
            .Message.Split("; ").Length.ShouldBe(3);

    [Theory]
    [InlineData("silo-1.example.com:30000")]
    [InlineData("10.1.0.5:30000")]
    [InlineData("[2001:db8::1]:30000")]
    public void Validate_Usable_Passes(string gateway) => DrMeshClientOptionsValidator.Validate(new DrMeshClientOptions { Gateways = [gateway] });
}
