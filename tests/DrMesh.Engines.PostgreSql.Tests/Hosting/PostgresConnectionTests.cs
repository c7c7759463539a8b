using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

public sealed class PostgresConnectionTests
{
    [Fact]
    public void ForControl_Address_AsksNobodyForItsName()
    {
        var server = new PostgresServer
        {
            Node = new NodeId(new RegionId("eu"), "db1"), Host = "192.0.2.1", Port = 5432, Database = "postgres", DataDirectory = "/data",
            ControlUser = new DatabaseUser { Name = "control" }, ReplicationUser = new DatabaseUser { Name = "replication" }, Tls = TlsMode.Disable,
        };

        new NpgsqlConnectionStringBuilder(PostgresConnection.ForControl(server)).GssEncryptionMode.ShouldBe(GssEncryptionMode.Disable);
    }
}
