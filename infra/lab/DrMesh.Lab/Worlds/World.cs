using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Client;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Regions;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Load;
using DrMesh.Lab.Programs;

namespace DrMesh.Lab.Worlds;

/// <summary>
/// Three regions on this machine's loopback, all real processes: a mesh as <c>drmesh mesh up</c> starts it, a PostgreSQL in each region, a name server, a file tree, a
/// backup repository, and the estate that declares them, applied. It ends with its maker: disposed, interrupted or killed.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private readonly IWorldGround _ground;
    private readonly Keeper _keeper;
    private readonly WorldOwner _owner;
    private readonly string _apiKeyFile;

    private World(WorldFolder folder, IWorldGround ground, WorldOwner owner, Keeper keeper)
    {
        (Folder, _ground, _owner, _keeper) = (folder, ground, owner, keeper);
        _apiKeyFile = Path.Combine(folder.Secrets, "powerdns");
        Regions = WorldRegion.Three(folder, ground.Network);
        Databases = new Databases(Regions, ground, folder.Secrets);
        Names = new NameServer(ground.Network, folder.Names, _apiKeyFile);
        Console = new WorldConsole(folder);
        Lookup = new NameLookup(Names.EndPoint, NameServer.ServiceName);
    }

    /// <summary>Its folder.</summary>
    public WorldFolder Folder { get; }

    /// <summary>Its regions; the first is the primary's at the start.</summary>
    public IReadOnlyList<WorldRegion> Regions { get; }

    /// <summary>Its database servers.</summary>
    public Databases Databases { get; }

    /// <summary>Its name server.</summary>
    public NameServer Names { get; }

    /// <summary>Asks the name server for the service's address.</summary>
    public NameLookup Lookup { get; }

    /// <summary>Its console.</summary>
    public WorldConsole Console { get; }

    /// <summary>Starts one on loopback; <paramref name="tell"/> hears what is being started.</summary>
    public static async Task<World> StartAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        await Leftovers.EndAsync(TimeProvider.System);
        return await StartAsync(WorldFolder.Next(), new LoopbackGround(LoopbackNetwork.Choose(regions: 3)), tell, cancellationToken);
    }

    /// <summary>Starts one in <paramref name="folder"/>.</summary>
    public static async Task<World> StartAsync(WorldFolder folder, IWorldGround ground, Action<string> tell, CancellationToken cancellationToken)
    {
        var owner = WorldOwner.Self(ground.Network.Prefix);
        // The keeper is there before anything it would have to end.
        var world = new World(folder, ground, owner, Keeper.Start(folder));
        try
        {
            folder.Make();
            owner.Write(folder);
            await world.StartServersAsync(tell, cancellationToken);
            tell("the estate is applied");
            await world.ApplyEstateAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The region that has this loopback address; null: none.</summary>
    public WorldRegion? RegionAt(string? address) => Regions.FirstOrDefault(region => region.Address == address);

    /// <summary>The region of this name.</summary>
    public WorldRegion this[RegionId region] => Regions.Single(known => known.Id == region);

    /// <summary>Connects to its mesh with all rights.</summary>
    public Task<MeshConnection> ConnectAsync(CancellationToken cancellationToken) => MeshConnection.OpenAsync(
        (ClientFile.Read(Folder.Client) ?? throw new InvalidOperationException("mesh up writes the client file")) with { ConnectTimeout = TimeSpan.FromSeconds(30) },
        TimeProvider.System, cancellationToken);

    /// <summary>Kills everything of a region at once, with SIGKILL, as a lost region does: its silo with the agent, and its database. Returns when that was done.</summary>
    public void KillRegion(WorldRegion region)
    {
        var postmaster = region.Instance.ReadPostmasterPid();
        var siloFolder = Path.Combine(Folder.Path, "mesh", "silos", region.Node.Region.Value, region.Node.Name);
        foreach (var pid in WorldProcesses.Find(siloFolder).Concat(WorldProcesses.Find(region.Folder)).Append(postmaster ?? 0).Distinct())
        {
            ProcessSignal.SendKill(pid);
        }
    }

    /// <summary>Starts a killed region's silo again, as its machine would at boot. Its database is left to DrMesh.</summary>
    public Task StartRegionAsync(CancellationToken cancellationToken) => MeshUpAsync(cancellationToken);

    /// <summary>A port that is free at a region's address, for a restored server.</summary>
    public int FreePort(WorldRegion region) =>
        LoopbackNetwork.FreePort([region.Address], Databases.Port + 1) ?? throw new InvalidOperationException($"no port of a hundred is free at {region.Address}");

    /// <summary>The world outlives this process.</summary>
    public async Task KeepAsync()
    {
        (_owner with { IsKept = true }).Write(Folder);
        await _keeper.ReleaseAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private async Task StartServersAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var user = new ServerUser(PostgresInstall.Find());
        Directory.CreateDirectory(Folder.Secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await WriteRepositoryKeyAsync(cancellationToken);
        await Task.WhenAll(
            TellAsync("control store and three silos", MeshUpAsync(cancellationToken)),
            TellAsync("PostgreSQL: a primary and two standbys, a commit waits for one of them", Databases.StartAsync(user, cancellationToken)),
            TellAsync($"PowerDNS with the zone {NameServer.Zone}", Names.StartAsync(user, cancellationToken)));
        await WriteFilesAsync(cancellationToken);

        async Task TellAsync(string what, Task starting)
        {
            await starting;
            tell(what);
        }
    }

    private Task MeshUpAsync(CancellationToken cancellationToken) => _ground.MeshUpAsync(Console, Regions, cancellationToken);

    private async Task ApplyEstateAsync(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Folder.Estate, EstateText.Of(Folder, Regions, Databases, Names, _apiKeyFile, KeyFile), cancellationToken);
        await Console.RunAsync(["estate", "apply", Folder.Estate, "--yes", "--reason", "the first estate"], cancellationToken);
        await Console.RunAsync(["traffic", "switch", EstateText.Service, "--to", Regions[0].Id.Value, "--yes", "--reason", "the first answer"], cancellationToken);
    }

    private string KeyFile => Path.Combine(Folder.Secrets, "repository");

    // The form of a key file: infra/docs/repository-format.md.
    private async Task WriteRepositoryKeyAsync(CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        ImmutableArray<byte> named = [.. Encoding.ASCII.GetBytes("drmesh-key-1"), .. secret];
        var id = Convert.ToHexStringLower(SHA256.HashData(named.AsSpan()))[..12];
        await ServerUser.WritePrivateAsync(KeyFile, $"drmesh-key-1 k-{id} {Convert.ToBase64String(secret)}\n", cancellationToken);
    }

    private async Task WriteFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var region in Regions.Take(2))
        {
            Directory.CreateDirectory(region.Files);
        }

        for (var number = 1; number <= 20; number++)
        {
            await File.WriteAllBytesAsync(Path.Combine(Regions[0].Files, $"invoice-{number:000}.pdf"), RandomNumberGenerator.GetBytes(64 << 10), cancellationToken);
        }
    }
}
