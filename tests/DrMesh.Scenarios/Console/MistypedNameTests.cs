using System.Text.Json;
using DrMesh.Contracts.Errors;

namespace DrMesh.Scenarios.Console;

/// <summary>Who mistypes the name of a cluster, an application, a service, a part, a region or a backup is shown the nearest right one, by every command.</summary>
public sealed class MistypedNameTests(MistypedNameTests.Declared declared) : IClassFixture<MistypedNameTests.Declared>
{
    [Theory]
    [InlineData("archive ordes", "orders")]
    [InlineData("backup create ordes", "orders")]
    [InlineData("backup create --app shpo", "shop")]
    [InlineData("backup list ordes", "orders")]
    [InlineData("backup list --app shpo", "shop")]
    [InlineData("backup show ordes x", "orders")]
    [InlineData("backup show x --app shpo", "shop")]
    [InlineData("backup verify ordes x", "orders")]
    [InlineData("backup delete ordes x --reason r", "orders")]
    [InlineData("cluster show ordes", "orders")]
    [InlineData("cluster set-durability ordes quorum --reason r", "orders")]
    [InlineData("failover shpo --reason r --yes", "shop")]
    [InlineData("failover shpo --plan", "shop")]
    [InlineData("failover shop --to eu-wst --plan", "eu-west")]
    [InlineData("failover --region eu-wst --yes", "eu-west")]
    [InlineData("switchover shpo --to us-east --yes", "shop")]
    [InlineData("switchover shop --to us-eats --plan", "us-east")]
    [InlineData("failback shpo --yes", "shop")]
    [InlineData("pitr windows ordes", "orders")]
    [InlineData("pitr plan ordes --to latest", "orders")]
    [InlineData("pitr run ordes --to latest --node eu-west/node-1 --directory /restore --port 5499 --yes", "orders")]
    [InlineData("restore --app shpo --part orders=eu-west/node-1:/restore:5499", "shop")]
    [InlineData("traffic show orders-bd", "orders-db")]
    [InlineData("traffic reconcile orders-bd", "orders-db")]
    [InlineData("traffic switch orders-bd --to eu-west --yes", "orders-db")]
    [InlineData("traffic switch orders-db --to eu-wst --yes", "eu-west")]
    public async Task Command_NameMistyped_ShowsTheNearest(string line, string nearest)
    {
        var run = await declared.Mesh.RunAsync(line.Split(' '));

        run.ExitCode.ShouldBeOneOf([ExitCodes.Usage, ExitCodes.Failed], run.Error + run.Output);
        (run.Error + run.Output).ShouldContain($"did you mean {nearest}?");
    }

    [Fact]
    public async Task Session_IdMistyped_ShowsTheNearest()
    {
        var begun = await declared.Mesh.RunAsync("backup", "create", "orders", "--detach", "--output", "json");
        var id = JsonDocument.Parse(begun.Output).RootElement.GetProperty("session").GetString()!;
        // A digit of the time, and a letter of the kind, which is what leads to the session's grain.
        var (time, kind) = (id[..^6] + id[^5..], $"bakcup{id[6..]}");
        foreach (var line in new[] { $"show {kind}", $"show {time}", $"watch {time}", $"explain {time}", $"approve --yes {time}", $"cancel --reason r {time}" })
        {
            var run = await declared.Mesh.RunAsync(["sessions", .. line.Split(' ')]);

            run.Error.ShouldBe($"drmesh: there is no session {line.Split(' ')[^1]}; did you mean {id}?\n");
            run.ExitCode.ShouldBe(ExitCodes.Usage);
        }
    }

    /// <summary>A mesh with an estate whose servers nobody has started: names are looked up before anybody is asked.</summary>
    public sealed class Declared : IAsyncLifetime
    {
        private const string Estate =
            """
            regions:
              eu-west: { nodes: { node-1: { address: 127.0.0.1 } } }
              us-east: { nodes: { node-1: { address: 127.0.0.2 } } }
            policies:
              standard:
                failover: { strategy: hot_standby }
                backup: { repositories: [vault] }
            repositories:
              vault: { tier: warm, local: { node: us-east/node-1, directory: /nowhere/vault }, encryption: { keyFile: /nowhere/key } }
            clusters:
              orders:
                engine: postgresql
                policy: standard
                primaryRegion: eu-west
                durability: { whenQuorumLost: async }
                controlUser: { name: drmesh }
                replicationUser: { name: drmesh }
                members:
                  orders-eu: { node: eu-west/node-1, port: 1, dataDirectory: /nowhere/data }
                  orders-us: { node: us-east/node-1, port: 1, dataDirectory: /nowhere/data }
            dnsProviders:
              own: { powerdns: { url: "http://127.0.0.1:1", apiKeyFile: /nowhere/key } }
            services:
              orders-db:
                provider: own
                zone: shop.test
                names: [orders.shop.test]
                answers: { eu-west: { values: [127.0.0.1] }, us-east: { values: [127.0.0.2] } }
            applications:
              shop: { policy: standard, clusters: [orders], services: [orders-db] }

            """;

        private readonly CommandMesh _mesh = new("eu-west,us-east");

        internal CommandMesh Mesh => _mesh;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            await _mesh.InitializeAsync();
            var file = await _mesh.WriteAsync("estate.yaml", Estate);
            (await _mesh.RunAsync("estate", "apply", file, "--yes")).EnsureSuccess("the estate of the test is valid");
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _mesh.DisposeAsync();
    }
}
