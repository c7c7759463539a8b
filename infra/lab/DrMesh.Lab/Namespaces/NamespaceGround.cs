using DrMesh.Client;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// Three regions in network namespaces: in each a silo with its configuration, a PostgreSQL, and a member of the control store (etcd and Patroni). Every process is started as the
/// region's own machine would start it, and sees no other network.
/// </summary>
internal sealed class NamespaceGround(WorldFolder folder, WorldNamespaces namespaces) : IWorldGround
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] Roles = ["viewer", "operator", "approver", "admin"];

    public WorldNetwork Network => WorldNamespaces.Network;

    /// <summary>The control store's members.</summary>
    public RegionalStore Store { get; } = new(folder, namespaces);

    private string MeshFolder => Path.Combine(folder.Path, "mesh");

    public async Task MeshUpAsync(WorldConsole console, IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.Client))
        {
            await PrepareAsync(regions, cancellationToken);
        }

        foreach (var region in regions)
        {
            await Store.StartAsync(region, cancellationToken);
        }

        await Store.AwaitLeaderAsync(regions, Patience, cancellationToken);
        await console.RunAsync(["store", "init", "--store", Store.ConnectionString(regions)], cancellationToken);
        foreach (var region in regions)
        {
            await StartSiloAsync(region, cancellationToken);
        }

        await Task.WhenAll(regions.Select(region => AwaitSiloAsync(region, cancellationToken)));
    }

    /// <summary>Starts what does not run in one region, without waiting for it: as a machine that boots. Its database is left to DrMesh.</summary>
    public async Task StartRegionAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        await Store.StartAsync(region, cancellationToken);
        await StartSiloAsync(region, cancellationToken);
    }

    /// <summary>Starts a region's silo unless it runs.</summary>
    public async Task StartSiloAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        var home = SiloFolder(region);
        if (WorldProcesses.Find(home).Count > 0)
        {
            return;
        }

        string[] silo = ["nsenter", .. WorldNamespaces.Enter(namespaces.Of(region)), LabPrograms.Silo, "silo", "run", "--config", Path.Combine(home, "silo.yaml")];
        await Daemon.StartAsync(silo[0], silo[1..], home, Path.Combine(home, "silo.log"), Environment.UserName, cancellationToken);
    }

    public async Task StartDatabaseAsync(WorldRegion region, TimeSpan patience, CancellationToken cancellationToken)
    {
        var instance = region.Instance;
        var started = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "nsenter",
                Arguments =
                [
                    .. WorldNamespaces.Enter(namespaces.Of(region)), "setpriv", $"--reuid={instance.Install.User}", $"--regid={instance.Install.User}", "--init-groups", "--",
                    instance.Install.Program("pg_ctl"), "start", "-D", instance.DataDirectory, "-l", $"{instance.DataDirectory}.log", "-w", "-t", $"{patience.TotalSeconds:0}",
                ],
                WorkingDirectory = "/",
            },
            cancellationToken);
        started.EnsureSuccess($"the server's own log is {instance.DataDirectory}.log");
    }

    /// <summary>What a region's silo keeps.</summary>
    public string SiloFolder(WorldRegion region) => Path.Combine(MeshFolder, "silos", region.Node.Region.Value, region.Node.Name);

    private async Task PrepareAsync(IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(MeshFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var secret in Roles.Append("mesh-secret"))
        {
            await ServerUser.WritePrivateAsync(Path.Combine(MeshFolder, secret), System.Security.Cryptography.RandomNumberGenerator.GetHexString(64, lowercase: true), cancellationToken);
        }

        await Store.PrepareAsync(regions, cancellationToken);
        foreach (var region in regions)
        {
            Directory.CreateDirectory(SiloFolder(region));
            await File.WriteAllTextAsync(Path.Combine(SiloFolder(region), "silo.yaml"), Configuration(region, regions), cancellationToken);
        }

        ClientFile.Write(folder.Client, new DrMeshClientOptions
        {
            Gateways = [.. regions.Select(region => $"{region.Address}:30000")], TokenFile = Path.GetRelativePath(folder.Path, Path.Combine(MeshFolder, "admin")),
        });
    }

    private string Configuration(WorldRegion region, IReadOnlyList<WorldRegion> regions) =>
        $"""
         # Its keys are explained in infra/examples/silo.yaml.
         region: {region.Id}
         node: {region.Node.Name}
         endpoints:
           address: {region.Address}
         store:
           connectionString: {Store.ConnectionString(regions)}
         access:
           meshSecretFile: {Path.Combine(MeshFolder, "mesh-secret")}
           tokens:
         {string.Join('\n', Roles.Select(role => $"    - {{ name: {role}, role: {role}, file: {Path.Combine(MeshFolder, role)} }}"))}

         """;

    private async Task AwaitSiloAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var begun = TimeProvider.System.GetTimestamp();
        while (!await HttpProbe.IsSuccessAsync(http, new Uri($"http://{region.Address}:9180/readyz"), cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new DrMeshException(DrMeshError.ToolFailed, $"the silo of {region.Id} was not ready after {Patience.TotalSeconds} s", $"its log is {SiloFolder(region)}/silo.log");
            }

            // One that gave up on a store that answered too late is started again, as systemd does it.
            await StartSiloAsync(region, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
