using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using DrMesh.TestKit.Servers;

namespace DrMesh.Scenarios.Backups;

/// <summary>An application of one PostgreSQL cluster and one file tree, under a mesh of real processes, with hooks that write down what they are told.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly TestDirectory _place;

    private Shop(MeshFixture mesh, PostgresServer server, TestDirectory place)
    {
        Mesh = mesh;
        Server = server;
        _place = place;
    }

    public MeshFixture Mesh { get; }

    public PostgresServer Server { get; }

    public string Place => _place.Path;

    public string Tree => Path.Combine(Place, "uploads");

    /// <summary>What the hooks were told, one JSON object a line.</summary>
    public string HookLog => File.Exists(Path.Combine(Place, "hooks.log")) ? File.ReadAllText(Path.Combine(Place, "hooks.log")) : "";

    public static async Task<Shop> StartAsync()
    {
        var shop = new Shop(await MeshFixture.StartNewAsync("east"), await PostgresServer.StartNewAsync(), await TestDirectory.CreateAsync());
        Directory.CreateDirectory(shop.Tree);
        await shop.RunAsync("repo", "keygen", Path.Combine(shop.Place, "key"));
        var hook = Path.Combine(shop.Place, "hook");
        await File.WriteAllTextAsync(hook, $"#!/bin/sh\ncat >> {shop.Place}/hooks.log\necho >> {shop.Place}/hooks.log\n[ \"$1\" = capture ] && echo '{{\"generation\":7}}'\nexit 0\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return shop;
    }

    /// <summary>Applies the estate with this mode of consistency: <c>marker</c> or <c>fence</c>.</summary>
    public async Task ApplyAsync(string consistency)
    {
        var estate = Path.Combine(Place, "estate.yaml");
        await File.WriteAllTextAsync(estate, Estate(consistency));
        await RunAsync("estate", "apply", estate, "--yes");
    }

    /// <summary>Runs the console and demands success; returns what it wrote.</summary>
    public Task<string> RunAsync(params string[] arguments) => Mesh.DrMeshAsync(arguments);

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        await Server.DisposeAsync();
        _place.Dispose();
    }

    private string Estate(string consistency) => OneServerEstate.Text(
        Place,
        Server,
        $$"""
        fileTrees:
          uploads:
            policy: standard
            primaryRegion: east
            members:
              uploads-1: { node: east/node-1, path: {{Tree}} }
        hooks:
          hold: { command: { program: {{Place}}/hook, arguments: [quiesce] } }
          release: { command: { program: {{Place}}/hook, arguments: [resume] } }
          export: { command: { program: {{Place}}/hook, arguments: [capture] } }
          import: { command: { program: {{Place}}/hook, arguments: [restore] } }
        applications:
          shop:
            policy: standard
            clusters: [orders]
            fileTrees: [uploads]
            consistency: { mode: {{consistency}}, fenceLimit: 10s, markerWindow: 5s }
            state: { quiesce: hold, resume: release, capture: export, restore: import, deadManLimit: 30s }
        """);
}
