using DrMesh.Client;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.TestKit.Servers;

namespace DrMesh.TestKit.Mesh;

/// <summary>A mesh of real processes on loopback, started by <c>mesh up</c> in a state folder of its own; ended and removed on dispose.</summary>
public sealed class MeshFixture : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly string _regions;
    private readonly int _silosPerRegion;

    private MeshFixture(TestDirectory directory, string regions, int silosPerRegion)
    {
        _directory = directory;
        _regions = regions;
        _silosPerRegion = silosPerRegion;
        Store = new PostgresInstance(PostgresInstall.Find(), Path.Combine(directory.Path, "store", "data"));
    }

    /// <summary>The state folder, for <c>DRMESH_STATE</c>.</summary>
    public string StateFolder => _directory.Path;

    /// <summary>The control store's server.</summary>
    public PostgresInstance Store { get; }

    /// <summary>The control store's connection string.</summary>
    public string StoreConnectionString => File.ReadAllText(Path.Combine(StateFolder, "store.connection")).Trim();

    /// <summary>Its silos, ordered by node.</summary>
    public IReadOnlyList<MeshSilo> Silos =>
        [.. Directory.EnumerateFiles(Path.Combine(StateFolder, "mesh", "silos"), "silo.yaml", SearchOption.AllDirectories)
            .Select(config => Path.GetDirectoryName(config)!)
            .Order(StringComparer.Ordinal)
            .Select(folder => new MeshSilo(folder, $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}"))];

    /// <summary>Starts one and waits until all its silos are ready.</summary>
    /// <param name="regions">The regions, separated by commas.</param>
    /// <param name="silosPerRegion">Silos in each, <c>node-1</c> and so on.</param>
    public static async Task<MeshFixture> StartNewAsync(string regions = "a,b,c", int silosPerRegion = 1)
    {
        var mesh = new MeshFixture(await TestDirectory.CreateAsync(), regions, silosPerRegion);
        try
        {
            await mesh.UpAsync();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>The silo of a node, given as <c>region/node</c>; of a region alone, its <c>node-1</c>.</summary>
    public MeshSilo Silo(string node)
    {
        var name = node.Contains('/', StringComparison.Ordinal) ? node : $"{node}/node-1";
        return Silos.Single(silo => silo.Node == name);
    }

    /// <summary>Starts every silo that does not run.</summary>
    public async Task<ToolResult> UpAsync() =>
        (await RunAsync(Programs.Silo, "mesh", "up", "--regions", _regions, "--silos-per-region", $"{_silosPerRegion}")).EnsureSuccess("see the silos' logs");

    /// <summary>Runs one of the programs in this mesh's state folder.</summary>
    public Task<ToolResult> RunAsync(string program, params string[] arguments) => ToolProcess.RunAsync(Command(program, arguments));

    /// <summary>Runs the console in this mesh's state folder and demands success; returns what it wrote.</summary>
    public async Task<string> DrMeshAsync(params string[] arguments)
    {
        var run = await RunAsync(Programs.Console, arguments);
        return run.ExitCode == ExitCodes.Done
            ? run.Output
            : throw new InvalidOperationException(
                $"drmesh {string.Join(' ', arguments)} ended with exit code {run.ExitCode}: {run.Error}{run.Output}{string.Join('\n', Silos.Select(silo => silo.LogTail()))}");
    }

    /// <summary>What <see cref="RunAsync"/> runs.</summary>
    public ToolCommand Command(string program, params string[] arguments) => new()
    {
        Program = program,
        Arguments = arguments,
        Environment = new Dictionary<string, string?> { ["DRMESH_STATE"] = StateFolder, ["DRMESH_GATEWAYS"] = null, ["DRMESH_STORE"] = null, ["DRMESH_TOKEN_FILE"] = null },
    };

    /// <summary>The file with the token of <paramref name="role"/>.</summary>
    public string TokenFile(AccessRole role) => Path.Combine(StateFolder, "mesh", "tokens", role.ToString().ToLowerInvariant());

    /// <summary>Connects with the token of <paramref name="role"/>, through the gateways of the given nodes; none given: of all.</summary>
    public Task<MeshConnection> ConnectAsync(AccessRole role = AccessRole.Admin, params string[] nodes) => MeshConnection.OpenAsync(Options(role, nodes));

    /// <summary>What <see cref="ConnectAsync"/> connects with.</summary>
    public DrMeshClientOptions Options(AccessRole role = AccessRole.Admin, params string[] nodes) => new()
    {
        Gateways = [.. (nodes.Length == 0 ? Silos : nodes.Select(Silo)).Select(silo => $"127.0.0.1:{silo.GatewayPort}")],
        TokenFile = TokenFile(role),
        ConnectTimeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>SIGKILL to the control store's server; returns when none of its processes is left.</summary>
    public Task KillStoreAsync() => Store.KillAsync();

    /// <summary>Starts the control store's server again.</summary>
    public Task StartStoreAsync() => Store.StartAsync(TimeSpan.FromSeconds(60));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Path.Combine(StateFolder, "mesh", "silos")))
        {
            foreach (var silo in Silos.Where(silo => silo.IsAlive))
            {
                silo.Kill();
            }

            await Eventually.HoldsAsync(() => Task.FromResult(!Silos.Any(silo => silo.IsAlive)), TimeSpan.FromSeconds(30), () => "a killed silo is still there");
        }

        await Store.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30));
        _directory.Dispose();
    }
}
