using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Checks;

/// <summary>An application has something to move, each part belongs to one application, and holding it cannot leave it held.</summary>
internal static class ApplicationChecks
{
    public static void Run(CheckContext context)
    {
        var owners = new Dictionary<(string Section, string Name), string>();
        foreach (var application in context.InFileOrder(context.Estate.Applications, application => $"applications.{application.Name}"))
        {
            var path = $"applications.{application.Name}";
            if (application.Clusters.IsEmpty && application.FileTrees.IsEmpty)
            {
                context.Findings.Error(path, "the application has neither clusters nor fileTrees; expected at least one", $"{path}.clusters", $"{path}.fileTrees");
                context.Findings.Break($"{path}.clusters");
            }

            Own(context, owners, $"{path}.clusters", "cluster", application.Clusters.Select(cluster => cluster.Value));
            Own(context, owners, $"{path}.fileTrees", "file tree", application.FileTrees);
            Own(context, owners, $"{path}.services", "service", application.Services);
            CheckServices(context, application, path);
            CheckOrder(context, application, path);
            CheckState(context, application, path);
        }

        foreach (var service in context.Estate.Services.Where(service => !owners.ContainsKey(("service", service.Name))))
        {
            context.Findings.Error($"services.{service.Name}", "the service is in no application, so no failover moves its names; list it in applications.NAME.services", "applications");
        }
    }

    private static void Own(CheckContext context, Dictionary<(string, string), string> owners, string path, string kind, IEnumerable<string> names)
    {
        foreach (var (index, name) in names.Index())
        {
            var itemPath = $"{path}[{index}]";
            if (!owners.TryAdd((kind, name), itemPath))
            {
                var first = owners[(kind, name)];
                context.Findings.Error(itemPath, $"{kind} \"{name}\" already belongs to {first} (line {context.Findings.PlaceOf(first).Line})", first);
            }
        }
    }

    private static void CheckServices(CheckContext context, ApplicationDefinition application, string path)
    {
        foreach (var (index, name) in application.Services.Index())
        {
            if (context.Estate.Services.FirstOrDefault(service => service.Name == name) is not { } service)
            {
                continue;
            }

            if (service.Cluster is { } cluster && !application.Clusters.Contains(cluster))
            {
                context.Findings.Error($"{path}.services[{index}]", $"service \"{name}\" follows cluster \"{cluster}\", which is not a cluster of this application", $"services.{name}.cluster", $"{path}.clusters");
            }
            else if (service.Cluster is null && application.Clusters.IsEmpty)
            {
                context.Findings.Error($"{path}.services[{index}]", $"service \"{name}\" has no cluster to follow; add clusters to the application", $"services.{name}.cluster", $"{path}.clusters");
            }
        }
    }

    // Two orders that say the opposite of each other: one of them is not meant.
    private static void CheckOrder(CheckContext context, ApplicationDefinition application, string path)
    {
        (string Service, int Place, int Turn)? latest = null;
        foreach (var (index, name) in application.Services.Index())
        {
            if (context.Estate.Services.FirstOrDefault(service => service.Name == name) is not { } service
                || context.Estate.ClusterOf(service) is not { } cluster || application.Clusters.IndexOf(cluster) is not (>= 0 and var turn))
            {
                continue;
            }

            if (latest is { } before && turn < before.Turn)
            {
                context.Findings.Warning(
                    $"{path}.services[{index}]",
                    $"service \"{name}\" stands behind \"{before.Service}\", but its cluster \"{cluster}\" moves before \"{application.Clusters[before.Turn]}\"; expected services in the order of the clusters they follow",
                    $"{path}.services[{before.Place}]",
                    $"{path}.clusters");
            }
            else
            {
                latest = (name, index, turn);
            }
        }
    }

    private static void CheckState(CheckContext context, ApplicationDefinition application, string path)
    {
        if (application.State is not { } state)
        {
            return;
        }

        Pair(context, $"{path}.state", "quiesce", state.Quiesce, "resume", state.Resume);
        Pair(context, $"{path}.state", "capture", state.Capture, "restore", state.Restore);
        if (state.Quiesce is not null && application.Consistency.Mode == ConsistencyMode.Fence && state.DeadManLimit <= application.Consistency.FenceLimit)
        {
            context.Findings.Error(
                $"{path}.state.deadManLimit",
                $"after {DurationText.Format(state.DeadManLimit)} the application resumes by itself, while the fence may last {DurationText.Format(application.Consistency.FenceLimit)} (consistency.fenceLimit); expected more than that",
                $"{path}.consistency.fenceLimit",
                $"{path}.consistency.mode");
        }
    }

    private static void Pair(CheckContext context, string path, string first, string? firstHook, string second, string? secondHook)
    {
        if (firstHook is null != secondHook is null)
        {
            var (given, missing) = firstHook is null ? (second, first) : (first, second);
            context.Findings.Error($"{path}.{given}", $"{given} is given without {missing}; expected both or neither", $"{path}.{missing}");
        }
    }
}
