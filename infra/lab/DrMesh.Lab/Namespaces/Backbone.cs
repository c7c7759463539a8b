using System.Globalization;
using DrMesh.Engines.Processes;
using DrMesh.Lab.Programs;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// The lines between the regions, which all meet in the hub: cut and slowed by its routing rules. A cut drops packets without a word, as a broken line does. Source: ip-rule(8),
/// "blackhole".
/// </summary>
internal sealed class Backbone(WorldFolder folder, WorldNamespaces namespaces, IReadOnlyList<WorldRegion> regions)
{
    // Lower ones are asked first: cuts, then what a delay line gives back, then what goes into one.
    private const int CutOut = 1000;
    private const int CutIn = 1010;
    private const int Returned = 1490;
    private const int IntoDelay = 1500;
    private const int DelayTable = 100;

    /// <summary>Cuts a region off from everything beyond it.</summary>
    public async Task CutAsync(WorldRegion region, CutDirection direction, CancellationToken cancellationToken)
    {
        var number = Number(region);
        await HealAsync(region, cancellationToken);
        if (direction is CutDirection.Both or CutDirection.Out)
        {
            await RuleAsync(["add", "priority", Text(CutOut + number), "iif", region.Part, "blackhole"], cancellationToken);
        }

        if (direction is CutDirection.Both or CutDirection.In)
        {
            await RuleAsync(["add", "priority", Text(CutIn + number), "to", region.Address, "blackhole"], cancellationToken);
        }
    }

    /// <summary>Mends a region's cuts.</summary>
    public async Task HealAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        foreach (var priority in new[] { CutOut, CutIn }.Select(first => first + Number(region)).Intersect(await PrioritiesAsync(cancellationToken)))
        {
            await RuleAsync(["del", "priority", Text(priority)], cancellationToken);
        }
    }

    /// <summary>Delays everything to and from a region by so much each way; zero: not at all.</summary>
    public async Task DelayAsync(WorldRegion region, TimeSpan each, CancellationToken cancellationToken)
    {
        var number = Number(region);
        foreach (var priority in new[] { Returned, Returned + 3, IntoDelay, IntoDelay + 3 }.Select(first => first + number).Intersect(await PrioritiesAsync(cancellationToken)))
        {
            await RuleAsync(["del", "priority", Text(priority)], cancellationToken);
        }

        foreach (var pid in DelayLine.Find(folder, region.Part))
        {
            ProcessSignal.SendKill(pid);
        }

        if (each <= TimeSpan.Zero)
        {
            return;
        }

        var device = DelayLine.DeviceOf(region.Part);
        await Daemon.StartAsync(
            "nsenter", [.. WorldNamespaces.Enter(namespaces.Hub), LabPrograms.Lab, DelayLine.Command, folder.Path, region.Part, Text((int)each.TotalMilliseconds)],
            folder.Path, Path.Combine(folder.Path, $"delay-{region.Part}.log"), Environment.UserName, cancellationToken);
        while (!(await WorldNamespaces.IpAsync(["-n", namespaces.Hub, "-brief", "link"], cancellationToken)).Output.Contains($"{device} ", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        var table = Text(DelayTable + number);
        await WorldNamespaces.IpAsync(["-n", namespaces.Hub, "link", "set", device, "up", "txqueuelen", "5000"], cancellationToken);
        await WorldNamespaces.IpAsync(["-n", namespaces.Hub, "route", "replace", "default", "dev", device, "table", table], cancellationToken);
        await RuleAsync(["add", "priority", Text(Returned + number), "iif", device, "lookup", "local"], cancellationToken);
        await RuleAsync(["add", "priority", Text(Returned + 3 + number), "iif", device, "lookup", "main"], cancellationToken);
        await RuleAsync(["add", "priority", Text(IntoDelay + number), "iif", region.Part, "lookup", table], cancellationToken);
        await RuleAsync(["add", "priority", Text(IntoDelay + 3 + number), "to", region.Address, "lookup", table], cancellationToken);
    }

    /// <summary>How a region's line is, one line for a person.</summary>
    public async Task<string> DescribeAsync(WorldRegion region, CancellationToken cancellationToken)
    {
        var (number, priorities) = (Number(region), await PrioritiesAsync(cancellationToken));
        var cut = (priorities.Contains(CutOut + number), priorities.Contains(CutIn + number)) switch
        {
            (true, true) => "cut off",
            (true, false) => "nothing gets out",
            (false, true) => "nothing gets in",
            _ => "connected",
        };
        return DelayLine.Find(folder, region.Part).Count > 0 ? $"{cut}, delayed" : cut;
    }

    private async Task<IReadOnlyList<int>> PrioritiesAsync(CancellationToken cancellationToken)
    {
        var listed = await WorldNamespaces.IpAsync(["-n", namespaces.Hub, "rule"], cancellationToken);
        return [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line[..line.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture))];
    }

    private Task<ToolResult> RuleAsync(string[] arguments, CancellationToken cancellationToken) =>
        WorldNamespaces.IpAsync(["-n", namespaces.Hub, "rule", .. arguments], cancellationToken);

    private int Number(WorldRegion region) => regions.ToList().FindIndex(known => known.Id == region.Id);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
