using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Checks;

/// <summary>Members stand where their cluster needs them, on nodes that can run them, and not on each other's feet.</summary>
internal static class MemberChecks
{
    public static void Run(CheckContext context)
    {
        foreach (var cluster in context.Estate.Clusters)
        {
            CheckPrimaryRegion(context, cluster);
            CheckHosts(context, cluster);
        }

        foreach (var tree in context.Estate.FileTrees)
        {
            var path = $"fileTrees.{tree.Name}.primaryRegion";
            if (!tree.Members.Any(member => member.Node.Region == tree.PrimaryRegion))
            {
                context.Findings.Error(
                    path,
                    $"no copy of the tree is in its primary region {tree.PrimaryRegion}",
                    [$"fileTrees.{tree.Name}.members", .. tree.Members.Select(member => $"fileTrees.{tree.Name}.members.{member.Name}.node")]);
            }
        }

        CheckAddresses(context);
        CheckDirectories(context);
        CheckPatronis(context);
    }

    // Two servers of one Patroni would be two members of its cluster, or one of them is written down wrong.
    private static void CheckPatronis(CheckContext context)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var members = context.Estate.Clusters.OfType<PostgreSqlCluster>().SelectMany(cluster => cluster.Members.Select(member => (Path: $"clusters.{cluster.Name}.members.{member.Name}", member.PatroniUrl)));
        foreach (var (path, url) in context.InFileOrder(members.Where(member => member.PatroniUrl is not null), member => member.Path))
        {
            if (!taken.TryAdd(url!.TrimEnd('/'), path))
            {
                var first = taken[url.TrimEnd('/')];
                context.Findings.Error(
                    $"{path}.patroniUrl", $"{url} is already the Patroni of {first} (line {context.Findings.PlaceOf(first).Line}); each server has its own", $"{path}.patroniUrl", $"{first}.patroniUrl");
            }
        }
    }

    private static void CheckPrimaryRegion(CheckContext context, ClusterDefinition cluster)
    {
        var members = CheckContext.MembersOf(cluster).ToArray();
        if (members.Any(member => member.Node.Region == cluster.PrimaryRegion && member.IsPromotable))
        {
            return;
        }

        var regions = members.Where(member => member.IsPromotable).Select(member => member.Node.Region.Value).Distinct().Order(StringComparer.Ordinal).ToArray();
        var found = regions.Length == 0 ? "no member may become primary" : $"members that may become primary are in {string.Join(", ", regions)}";
        context.Findings.Error(
            $"clusters.{cluster.Name}.primaryRegion",
            $"the cluster has no member in {cluster.PrimaryRegion} that may become primary; {found}",
            [$"clusters.{cluster.Name}.members", .. members.Select(member => $"{member.Path}.node")]);
    }

    private static void CheckHosts(CheckContext context, ClusterDefinition cluster)
    {
        foreach (var member in CheckContext.MembersOf(cluster))
        {
            if (context.Node(member.Node) is not { } node)
            {
                continue;
            }

            var nodePath = $"regions.{member.Node.Region}.nodes.{member.Node.Name}.host";
            if (node.Host == AgentHost.Systemd && member.Unit is null)
            {
                context.Findings.Error(member.Path, $"key \"unit\" is missing: node {member.Node} starts its servers by systemd", nodePath, $"{member.Path}.unit");
            }
            else if (node.Host != AgentHost.Systemd && member.Unit is not null)
            {
                context.Findings.Warning($"{member.Path}.unit", $"the unit is not used: node {member.Node} does not have host: systemd", nodePath);
            }
        }

        if (cluster is PostgreSqlCluster postgres)
        {
            foreach (var member in postgres.Members)
            {
                var path = $"clusters.{cluster.Name}.members.{member.Name}";
                if (context.Node(member.Node) is { Host: AgentHost.Patroni } && member.PatroniUrl is null)
                {
                    context.Findings.Error(
                        path,
                        $"key \"patroniUrl\" is missing: node {member.Node} runs its servers by Patroni",
                        $"regions.{member.Node.Region}.nodes.{member.Node.Name}.host",
                        $"{path}.patroniUrl");
                }
                else if (context.Node(member.Node) is { Host: not AgentHost.Patroni } && member.PatroniUrl is not null)
                {
                    context.Findings.Warning(
                        $"{path}.patroniUrl",
                        $"Patroni is not asked: node {member.Node} does not have host: patroni; if Patroni runs this server, it would undo what DrMesh does",
                        $"regions.{member.Node.Region}.nodes.{member.Node.Name}.host");
                }
            }
        }
    }

    private static void CheckAddresses(CheckContext context)
    {
        var taken = new Dictionary<string, string>();
        foreach (var member in context.InFileOrder(context.Estate.Clusters.SelectMany(CheckContext.MembersOf), member => member.Path))
        {
            if (context.Node(member.Node) is not { } node)
            {
                continue;
            }

            var address = $"{node.Address}:{member.Port}";
            if (!taken.TryAdd(address, member.Path))
            {
                var first = taken[address];
                context.Findings.Error(
                    member.Path,
                    $"address {address} is already that of {first} (line {context.Findings.PlaceOf(first).Line})",
                    $"{member.Path}.port",
                    $"{first}.port",
                    $"regions.{member.Node.Region}.nodes.{member.Node.Name}.address");
            }
        }
    }

    private static void CheckDirectories(CheckContext context)
    {
        var taken = new Dictionary<string, string>();
        var directories = context.Estate.Clusters.OfType<PostgreSqlCluster>()
            .SelectMany(cluster => cluster.Members.Select(member => (
                Directory: $"{member.Node}:{member.DataDirectory.TrimEnd('/')}",
                Path: $"clusters.{cluster.Name}.members.{member.Name}.dataDirectory")));
        foreach (var (directory, path) in context.InFileOrder(directories, member => member.Path))
        {
            if (!taken.TryAdd(directory, path))
            {
                context.Findings.Error(path, $"directory {directory} is already that of {taken[directory]} (line {context.Findings.PlaceOf(taken[directory]).Line})", taken[directory]);
            }
        }
    }
}
