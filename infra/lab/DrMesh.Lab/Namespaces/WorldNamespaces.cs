using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// The network namespaces of a world, named after its folder: one for each region and the hub, in which the name server and the person at the console are. Every region has one
/// line (a veth pair) to the hub, which forwards between them; nothing of this machine's own network is touched. Source: ip-netns(8), veth(4).
/// </summary>
internal sealed class WorldNamespaces(WorldFolder folder, IReadOnlyList<WorldRegion> regions, WorldNetwork network)
{
    private const string Root = "/run/netns";

    /// <summary>The addresses of every world in namespaces; two such worlds never meet. 198.18.0.0/15 is for tests of networks (RFC 2544).</summary>
    public static WorldNetwork Network { get; } = new()
    {
        Prefix = "198.18.0", Clients = "198.18.0.0/24", DatabasePort = 5433, NameAddress = "198.18.0.254", NamePort = 5300, NameApiPort = 8081,
    };

    /// <summary>The hub's name.</summary>
    public string Hub => $"{Prefix(folder)}hub";

    /// <summary>A region's name.</summary>
    public string Of(WorldRegion region) => Prefix(folder) + region.Part;

    /// <summary>What goes before a command to run it in a namespace; the rest of the machine is seen as from anywhere.</summary>
    public static IReadOnlyList<string> Enter(string name) => [$"--net={Root}/{name}", "--"];

    /// <summary>Whether a world stands in namespaces.</summary>
    public static bool Exist(WorldFolder folder) => Names(folder).Count > 0;

    /// <summary>Makes them.</summary>
    /// <exception cref="DrMeshException">This process is not root, or <c>ip</c> is missing.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await IpAsync(["netns", "add", Hub], cancellationToken);
        // Cuts go before everything else, also before what is for the hub itself.
        await IpAsync(["-n", Hub, "rule", "add", "priority", "2000", "lookup", "local"], cancellationToken);
        await IpAsync(["-n", Hub, "rule", "del", "priority", "0"], cancellationToken);
        await IpAsync(["-n", Hub, "link", "set", "lo", "up"], cancellationToken);
        await IpAsync(["-n", Hub, "addr", "add", $"{network.NameAddress}/32", "dev", "lo"], cancellationToken);
        foreach (var region in regions)
        {
            var name = Of(region);
            await IpAsync(["netns", "add", name], cancellationToken);
            await IpAsync(["-n", name, "link", "set", "lo", "up"], cancellationToken);
            await IpAsync(["link", "add", region.Part, "netns", Hub, "type", "veth", "peer", "name", "wan", "netns", name], cancellationToken);
            await IpAsync(["-n", name, "addr", "add", $"{region.Address}/32", "dev", "wan"], cancellationToken);
            await IpAsync(["-n", name, "link", "set", "wan", "up"], cancellationToken);
            await IpAsync(["-n", name, "route", "add", network.NameAddress, "dev", "wan"], cancellationToken);
            await IpAsync(["-n", name, "route", "add", "default", "via", network.NameAddress, "dev", "wan"], cancellationToken);
            await IpAsync(["-n", Hub, "link", "set", region.Part, "up"], cancellationToken);
            await IpAsync(["-n", Hub, "route", "add", region.Address, "dev", region.Part], cancellationToken);
        }

        // A way that is cut in one direction must not make the hub doubt what comes from the other.
        var forward = await ToolProcess.RunAsync(
            new ToolCommand
            {
                Program = "nsenter",
                Arguments = [.. Enter(Hub), "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$file; done"],
            },
            cancellationToken);
        forward.EnsureSuccess("the lab needs a kernel that forwards between network namespaces");
    }

    /// <summary>The processes of a region; those that only watch it (writers) are not among them.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        var listed = await IpAsync(["netns", "pids", Of(region)], cancellationToken);
        return [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(pid => !RegionWriters.IsOne(pid))];
    }

    /// <summary>Removes what a world has of them; nothing when it has none.</summary>
    public static async Task RemoveAsync(WorldFolder folder)
    {
        foreach (var name in Names(folder))
        {
            // Another one may be faster.
            await ToolProcess.RunAsync(new ToolCommand { Program = "ip", Arguments = ["netns", "del", name] });
        }
    }

    /// <summary>Runs <c>ip</c>; fails when it fails.</summary>
    public static async Task<ToolResult> IpAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await ToolProcess.RunAsync(new ToolCommand { Program = "ip", Arguments = arguments }, cancellationToken);
        return result.EnsureSuccess($"ip {string.Join(' ', arguments)} needs root and a kernel with network namespaces");
    }

    private static string Prefix(WorldFolder folder) => $"drmesh-{Path.GetFileName(folder.Path)}-";

    private static List<string> Names(WorldFolder folder) => !Directory.Exists(Root)
        ? []
        : [.. Directory.EnumerateFiles(Root, $"{Prefix(folder)}*").Select(file => Path.GetFileName(file))];
}
