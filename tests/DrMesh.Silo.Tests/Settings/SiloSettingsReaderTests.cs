using System.Net;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.Access;
using DrMesh.Silo.Settings;

namespace DrMesh.Silo.Tests.Settings;

public sealed class SiloSettingsReaderTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public async Task Read_GoodFile_FillsInTheDefaults()
    {
        using var folder = await ConfigFolder.CreateAsync();

        var settings = SiloSettingsReader.Read(folder.File, NoEnvironment);

        settings.Node.ShouldBe(new NodeId(new RegionId("eu-west-1"), "db1"));
        settings.ClusterId.ShouldBe("drmesh");
        settings.Role.ShouldBe("agent");
        settings.SiloPort.ShouldBe(11111);
        settings.GatewayPort.ShouldBe(30000);
        settings.Http.ShouldBe(new IPEndPoint(IPAddress.Loopback, 9180));
        settings.Access.Grants.ShouldBe([new AccessGrant("alice", AccessRole.Operator, AccessGrant.Hash("a-token"))]);
        settings.Liveness.ProbeTimeout.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Read_Variables_OverrideTheFile()
    {
        using var folder = await ConfigFolder.CreateAsync();
        var environment = new Dictionary<string, string>
        {
            ["DRMESH__REGION"] = "us-east-1",
            ["DRMESH__ENDPOINTS__SILOPORT"] = "12000",
            ["DRMESH__ACCESS__TOKENS__0__ROLE"] = "admin",
            ["DRMESH__LIVENESS__PROBETIMEOUT"] = "2500ms",
            ["DRMESH_STATE"] = "/not/a/setting",
        };

        var settings = SiloSettingsReader.Read(folder.File, environment);

        settings.Node.Region.ShouldBe(new RegionId("us-east-1"));
        settings.SiloPort.ShouldBe(12000);
        settings.Access.Grants.ShouldHaveSingleItem().Role.ShouldBe(AccessRole.Admin);
        settings.Liveness.ProbeTimeout.ShouldBe(TimeSpan.FromSeconds(2.5));
    }

    [Theory]
    [InlineData("region: eu-west-1\n", "", "silo.yaml: region is missing; expected a name of small letters, digits and hyphens, such as eu-west-1")]
    [InlineData("eu-west-1", "EU West", "silo.yaml:1:9: region is \"EU West\"; expected a name of small letters, digits and hyphens, such as eu-west-1")]
    [InlineData("node: db1", "node: db1\nnod: db2", "silo.yaml:3:6: nod is not a known key; did you mean node?")]
    [InlineData("address: 127.0.0.1", "address: here", "silo.yaml:4:12: endpoints.address is \"here\"; expected an IP address, such as 10.1.0.5")]
    [InlineData("address: 127.0.0.1", "address: 0.0.0.0", "silo.yaml:4:12: endpoints.address is 0.0.0.0; expected the address at which other silos reach this one")]
    [InlineData("address: 127.0.0.1", "address: 127.0.0.1\n  siloPort: 70000", "silo.yaml:5:13: endpoints.siloPort is \"70000\"; expected a number from 1 to 65535")]
    [InlineData("address: 127.0.0.1", "address: 127.0.0.1\n  siloPort: 30000", "silo.yaml: endpoints uses a port twice: siloPort 30000, gatewayPort 30000, httpPort 9180; expected three ports")]
    [InlineData("role: operator", "role: king", "silo.yaml:11:13: access.tokens[0].role is \"king\"; expected one of viewer, operator, approver, admin")]
    [InlineData("role: operator", "role: 4", "silo.yaml:11:13: access.tokens[0].role is \"4\"; expected one of viewer, operator, approver, admin")]
    [InlineData("node: db1", "node: db1\nliveness: { probeTimeout: -1s }", "silo.yaml:3:27: liveness.probeTimeout is \"-1s\"; expected a time from 0.25 s to 30 s, such as 500ms or 2s")]
    [InlineData("node: db1", "node: db1\nliveness: { missedProbes: 1 }", "silo.yaml:3:27: liveness.missedProbes is \"1\"; expected a number from 2 to 20")]
    [InlineData("Username=drmesh", "Username=drmesh;Password=x", "silo.yaml:6:21: store.connectionString holds a password in the open; expected Passfile=PATH in it, or file:PATH of a file that holds the whole string")]
    [InlineData("Host=127.0.0.1;", "", "silo.yaml:6:21: store.connectionString names no host; expected Host=name or Host=a:5432,b:5432")]
    [InlineData("node: db1", "node: db1\nnode: db2", "silo.yaml:3:1: not YAML: Duplicate key node")]
    [InlineData("node: db1", "node: [", "silo.yaml: not YAML: it is cut off or wrongly nested")]
    [InlineData("node: db1", "[a]: db1", "silo.yaml:2:1: a key is not a text")]
    public async Task Read_OneFault_SaysWhereWhatAndWhatWasExpected(string good, string bad, string expected)
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.WriteConfig(folder.Good.Replace(good, bad, StringComparison.Ordinal));

        var fault = Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(folder.File, NoEnvironment));

        fault.Code.ShouldBe(DrMeshError.ConfigurationInvalid);
        fault.Message.ShouldBe(expected);
    }

    [Fact]
    public async Task Read_ManyFaults_ToldAllAtOnce()
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.WriteConfig("region: eu-west-1\nendpoints: { gatewayPort: many }\n");

        var fault = Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(folder.File, new Dictionary<string, string> { ["DRMESH__COLOUR"] = "red" }));

        fault.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "7 faults in the configuration:",
            "  silo.yaml: endpoints.address is missing; expected an IP address, such as 10.1.0.5",
            "  silo.yaml: node is missing; expected a name of small letters, digits and hyphens, such as db1",
            "  silo.yaml:2:27: endpoints.gatewayPort is \"many\"; expected a number from 1 to 65535",
            "  silo.yaml: store.connectionString is missing; expected a PostgreSQL connection string such as Host=127.0.0.1;Database=drmesh;Username=drmesh, or file:PATH of a file that holds one",
            "  silo.yaml: access.meshSecretFile is missing; expected the path of a file only this user can read",
            "  silo.yaml: access.tokens is missing; expected one entry or more, each with name, role and file or sha256",
            "  DRMESH__COLOUR: COLOUR is not a known key",
        ]);
    }

    [Theory]
    [InlineData("token", UnixFileMode.UserRead | UnixFileMode.OtherRead, "access.tokens[0].file names {0}/token, which every user of the machine can read or write; expected mode 0600 or 0640")]
    [InlineData("mesh-secret", UnixFileMode.UserRead | UnixFileMode.OtherWrite, "access.meshSecretFile names {0}/mesh-secret, which every user of the machine can read or write; expected mode 0600 or 0640")]
    public async Task Read_SecretOpenToAll_IsRefused(string file, UnixFileMode mode, string expected)
    {
        using var folder = await ConfigFolder.CreateAsync();
        File.SetUnixFileMode(Path.Combine(folder.Path, file), mode);

        Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(folder.File, NoEnvironment))
            .Message.ShouldEndWith(string.Format(null, expected, folder.Path));
    }

    [Fact]
    public async Task Read_SecretTooShortOrMissing_SaysSo()
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.Write("mesh-secret", "short", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(Path.Combine(folder.Path, "token"));

        var message = Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(folder.File, NoEnvironment)).Message;

        message.ShouldContain("access.meshSecretFile names a file with 5 characters; expected 32 or more, the same in every silo");
        message.ShouldContain($"access.tokens[0].file names {folder.Path}/token, which cannot be read");
    }

    [Fact]
    public async Task Read_ConnectionStringInFile_MayHoldThePassword()
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.Write("store", "Host=127.0.0.1;Database=drmesh;Username=drmesh;Password=secret\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.WriteConfig(folder.Good.Replace("Host=127.0.0.1;Database=drmesh;Username=drmesh", $"file:{folder.Path}/store", StringComparison.Ordinal));

        SiloSettingsReader.Read(folder.File, NoEnvironment).ControlStore.ShouldBe("Host=127.0.0.1;Database=drmesh;Username=drmesh;Password=secret");
    }

    [Fact]
    public void Read_NoSuchFile_SaysSo() =>
        Should.Throw<DrMeshException>(() => SiloSettingsReader.Read("/nowhere/silo.yaml", NoEnvironment)).Message.ShouldStartWith("/nowhere/silo.yaml cannot be read: ");

    [Fact]
    public async Task Read_TenMegabytes_IsRefusedUnread()
    {
        using var folder = await ConfigFolder.CreateAsync();
        folder.WriteConfig(new string('#', 10 * 1024 * 1024));

        Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(folder.File, NoEnvironment)).Message.ShouldBe($"{folder.File} has 10485760 bytes");
    }

    [Fact]
    public void Example_Keys_AreAllKnown()
    {
        var example = Path.Combine(AppContext.BaseDirectory, "silo.yaml");

        var fault = Should.Throw<DrMeshException>(() => SiloSettingsReader.Read(example, NoEnvironment));

        // Its secrets are not on this machine; nothing else may be wrong with it.
        fault.Message.ShouldNotContain("is not a known key");
        fault.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ShouldAllBe(line => line.Contains("/etc/drmesh/", StringComparison.Ordinal));
    }
}
