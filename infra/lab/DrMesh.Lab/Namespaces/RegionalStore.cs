using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>The control store as it is in production: a Patroni with PostgreSQL and an etcd in each region, configured by <c>infra/patroni/render.sh</c>.</summary>
internal sealed class RegionalStore(WorldFolder folder, WorldNamespaces namespaces)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly string _user = PostgresInstall.Find().User;

    private string Home => Path.Combine(folder.Path, "store");

    private string PassFile => Path.Combine(folder.Secrets, "store-pgpass");

    /// <summary>What a silo is given: all three members, the password by file.</summary>
    public string ConnectionString(IReadOnlyList<WorldRegion> regions) =>
        $"Host={string.Join(',', regions.Select(region => $"{region.Address}:5432"))};Database=drmesh;Username=drmesh;Passfile={PassFile}";

    /// <summary>Writes the members' configuration.</summary>
    public async Task PrepareAsync(IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken)
    {
        await new ServerUser(PostgresInstall.Find()).MakeFolderAsync(Home, cancellationToken);
        string[] members = [.. regions.Select(region => $"{region.Part}={region.Address}")];
        foreach (var region in regions)
        {
            var rendered = await ToolProcess.RunAsync(new ToolCommand { Program = Path.Combine(LabPrograms.Patroni, "render.sh"), Arguments = [Home, region.Part, .. members] }, cancellationToken);
            rendered.EnsureSuccess("see infra/patroni");
        }

        const string key = "DRMESH_PASSWORD=";
        var password = (await File.ReadAllLinesAsync(Path.Combine(Home, "secrets"), cancellationToken)).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];
        await ServerUser.WritePrivateAsync(PassFile, $"*:*:*:drmesh:{password}\n", cancellationToken);
    }

    /// <summary>Starts what does not run of a region's member.</summary>
    public async Task StartAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        var (home, living) = (Path.Combine(Home, region.Part), WorldProcesses.Find(Path.Combine(Home, region.Part)));
        foreach (var (program, arguments) in new (string, string[])[] { ("etcd", ["--config-file", $"{home}/etcd.yml"]), ("patroni", [$"{home}/patroni.yml"]) })
        {
            if (living.Any(pid => WorldProcesses.CommandOf(pid).Contains(arguments[^1], StringComparison.Ordinal)))
            {
                continue;
            }

            await Daemon.StartAsync(
                "nsenter",
                [.. WorldNamespaces.Enter(namespaces.Of(region)), "setpriv", $"--reuid={_user}", $"--regid={_user}", "--init-groups", "--", "sh", "-c", "umask 077; exec \"$0\" \"$@\"", program, .. arguments],
                "/", Path.Combine(folder.Path, $"store-{region.Part}-{program}.log"), Environment.UserName, cancellationToken);
        }
    }

    /// <summary>The region whose member leads, as the members say; null: none does now.</summary>
    public static Task<WorldRegion?> LeaderAsync(IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken) => FirstAsync(regions, "primary", cancellationToken);

    /// <summary>The region whose member holds all that the leader acknowledges, so that the leader may be lost; null: none does now.</summary>
    public static Task<WorldRegion?> SynchronousAsync(IReadOnlyList<WorldRegion> regions, CancellationToken cancellationToken) => FirstAsync(regions, "synchronous", cancellationToken);

    // Source: Patroni's REST API, GET /primary and GET /synchronous.
    private static async Task<WorldRegion?> FirstAsync(IReadOnlyList<WorldRegion> regions, string role, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var answers = await Task.WhenAll(regions.Select(region => HttpProbe.IsSuccessAsync(http, new Uri($"http://{region.Address}:8008/{role}"), cancellationToken)));
        return regions.Zip(answers).FirstOrDefault(pair => pair.Second).First;
    }

    /// <summary>Waits until one leads and has the database.</summary>
    public async Task AwaitLeaderAsync(IReadOnlyList<WorldRegion> regions, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        // Patroni says that a member leads only after what makes DrMesh's role and database has run.
        while (await LeaderAsync(regions, cancellationToken) is null)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > patience)
            {
                throw new DrMeshException(DrMeshError.ToolFailed, $"the control store has no leader after {patience.TotalSeconds} s", $"its logs are {folder.Path}/store-*.log");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
