using DrMesh.Grains.ControlStore;
using Npgsql;

namespace DrMesh.Grains.Tests.ControlStore;

public sealed class ControlStoreOptionsTests
{
    [Fact]
    public void BuildConnectionString_SeveralHosts_AsksForThePrimary()
    {
        var built = Build("Host=a:5432,b:5433;Database=drmesh;Username=u");

        built.TargetSessionAttributes.ShouldBe("primary");
        built.Timeout.ShouldBe(5);
        built.CommandTimeout.ShouldBe(10);
        built.GssEncryptionMode.ShouldBe(GssEncryptionMode.Disable, "a silent resolver must not stand between a silo and its store");
    }

    [Fact]
    public void BuildHostStrings_SeveralHosts_OneEachThatNpgsqlTakesByItself()
    {
        var hosts = new ControlStoreOptions { ConnectionString = "Host=a:5433,/run/pg, c;Database=drmesh;Username=u;Host Recheck Seconds=4" }.BuildHostStrings();

        hosts.Select(host => (host.Host, host.Port, host.TargetSessionAttributes)).ShouldBe([("a", 5433, null), ("/run/pg", 5432, null), ("c", 5432, null)]);
        hosts.ShouldAllBe(host => host.CommandTimeout == 10 && host.CancellationTimeout == -1);
    }

    [Fact]
    public void BuildConnectionString_OneHost_LeavesOutWhatNpgsqlRefusesThere() =>
        Build("Host=a;Database=drmesh").TargetSessionAttributes.ShouldBeNull();

    [Fact]
    public void BuildConnectionString_GivenValues_AreKept()
    {
        var built = Build("Host=a,b;Database=drmesh;CommandTimeout=77;Timeout=9;Host Recheck Seconds=4;Application Name=x");

        built.CommandTimeout.ShouldBe(77);
        built.Timeout.ShouldBe(9);
        built.HostRecheckSeconds.ShouldBe(4);
        built.ApplicationName.ShouldBe("x");
    }

    [Fact]
    public void Describe_HasHostsAndDatabaseAndNoPassword() =>
        new ControlStoreOptions { ConnectionString = "Host=a,b:7;Port=6;Database=d;Username=u;Password=secret" }.Describe().ShouldBe("a:6,b:7/d");

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("Database=x", "names no host")]
    [InlineData("Host=a;Colour=red", "not a PostgreSQL connection string")]
    [InlineData("Host=a;Timeout=soon", "not a PostgreSQL connection string")]
    [InlineData("Host=a,b;Target Session Attributes=standby", "expected primary")]
    public void Validate_Unusable_NamesThePathAndWhatIsExpected(string connectionString, string expected)
    {
        var result = new ControlStoreOptionsValidator().Validate(null, new ControlStoreOptions { ConnectionString = connectionString });

        result.FailureMessage.ShouldStartWith("store:connectionString ");
        result.FailureMessage.ShouldContain(expected);
    }

    [Fact]
    public void Validate_SeveralHosts_Passes() =>
        new ControlStoreOptionsValidator().Validate(null, new ControlStoreOptions { ConnectionString = "Host=a,b;Target Session Attributes=primary" })
            .Succeeded.ShouldBeTrue();

    private static NpgsqlConnectionStringBuilder Build(string connectionString) =>
        new(new ControlStoreOptions { ConnectionString = connectionString }.BuildConnectionString());
}
