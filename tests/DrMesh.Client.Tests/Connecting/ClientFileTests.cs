using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.TestKit;

namespace DrMesh.Client.Tests.Connecting;

public sealed class ClientFileTests : IAsyncLifetime
{
    private TestDirectory _directory = null!;

    private string File => Path.Combine(_directory.Path, ClientFile.Name);

    public async ValueTask InitializeAsync() => _directory = await TestDirectory.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var options = new DrMeshClientOptions
        {
            Gateways = ["127.0.0.1:30000", "[::1]:30001"],
            ControlStore = "Host=a,b;Database=drmesh",
            ClusterId = "other",
            TokenFile = "mesh/tokens/admin",
        };
        System.IO.File.WriteAllText(File, "the former one");

        ClientFile.Write(File, options);
        var read = ClientFile.Read(File).ShouldNotBeNull();

        read.Gateways.ShouldBe(options.Gateways);
        (read.ControlStore, read.ClusterId).ShouldBe((options.ControlStore, "other"));
        read.TokenFile.ShouldBe(Path.Combine(_directory.Path, "mesh/tokens/admin"), "the token file is relative to the client file");
        Directory.GetFiles(_directory.Path).ShouldBe([File], "nothing is left beside it");
    }

    [Fact]
    public void Read_NoSuchFile_IsNull() => ClientFile.Read(File).ShouldBeNull();

    [Fact]
    public void Read_EmptyFile_HasTheDefaults()
    {
        System.IO.File.WriteAllText(File, "");

        var read = ClientFile.Read(File).ShouldNotBeNull();

        (read.ClusterId, read.Gateways.IsEmpty, read.ControlStore, read.TokenFile).ShouldBe(("drmesh", true, null, null));
    }

    [Theory]
    [InlineData("gateways: [a:1]\ncolour: red\n", "client.yaml:2:1: Property 'colour' not found")]
    [InlineData("gateways: a:1\n", "client.yaml:1:11: ")]
    [InlineData("gateways: [a:1\n", "client.yaml:2:1: ")]
    [InlineData("- a\n- b\n", "client.yaml:1:1: ")]
    public void Read_NotSuchAFile_NamesThePlaceAndTheKeys(string text, string expected)
    {
        System.IO.File.WriteAllText(File, text);

        var fault = Should.Throw<DrMeshException>(() => ClientFile.Read(File));

        fault.Code.ShouldBe(DrMeshError.ConfigurationInvalid);
        fault.Message.ShouldContain(expected);
        fault.Hint.ShouldBe("its keys are clusterId, gateways, controlStore and tokenFile; drmesh mesh up writes a right one");
    }
}
