using System.Collections.Immutable;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Estate;
using DrMesh.Core.Restores.Unified;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>From what was asked, the estate and a backup's manifest to a plan, or why there is none.</summary>
internal static class UnifiedRestorePlanner
{
    /// <summary>The plan; or the refusal.</summary>
    public static (UnifiedRestorePlan? Plan, StartResult? Refusal) Plan(EstateDocument estate, StartUnifiedRestore request, UnifiedBackupEntry backup)
    {
        var application = estate.Application(request.Application);
        if (request.Parts.IsEmpty)
        {
            return (null, Unusable("no part is named", $"name where each part goes; the backup has {string.Join(", ", backup.Parts.Select(part => part.Name))}"));
        }

        var parts = ImmutableArray.CreateBuilder<PartRestore>();
        foreach (var to in request.Parts)
        {
            if (backup.Parts.FirstOrDefault(part => part.Kind == to.Kind && part.Name == to.Name) is not { } from)
            {
                return (null, Unusable($"backup {backup.Id} has no part {to.Kind} {to.Name}", $"it has {string.Join(", ", backup.Parts.Select(part => $"{part.Kind} {part.Name}"))}"));
            }

            if (Conflict(estate, to) is { } conflict)
            {
                return (null, conflict);
            }

            parts.Add(new PartRestore { From = from, To = to, Parallelism = estate.Policy(application.Policy).Backup.Parallelism });
        }

        var withState = request.WithState && backup.ApplicationState is not null && application.State?.Restore is not null;
        return (new UnifiedRestorePlan
        {
            Application = request.Application,
            Backup = backup.Id,
            Point = backup.Point,
            Until = request.Until,
            Overwrites = request.Overwrites,
            Parts = parts.ToImmutable(),
            RestoreHook = withState ? application.State!.Restore : null,
            State = withState ? backup.ApplicationState : null,
        }, null);
    }

    // A restore never writes where a part runs; taking its place is what a failback, or a person, is for.
    private static StartResult? Conflict(EstateDocument estate, RestorePartTarget to)
    {
        if (to.Kind == PartKind.MongoDb)
        {
            return to.Set is not { } set ? Unusable($"no replica set is named for {to.Name}", "name an empty one of the estate")
                : set == new ClusterId(to.Name) ? Unusable($"{to.Name} would be restored into itself", "name another, empty replica set of the estate")
                : Known(estate, set);
        }

        if (to.Node is not { } node || to.Directory is not { } path || !Path.IsPathFullyQualified(path) || (to.Kind == PartKind.PostgreSql && to.Port is null))
        {
            return Unusable($"{to.Kind} {to.Name} needs a node and an absolute directory{(to.Kind == PartKind.PostgreSql ? ", and a port" : "")}", "see drmesh restore --help");
        }

        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var places = estate.Clusters.OfType<PostgreSqlCluster>().SelectMany(cluster => cluster.Members.Select(member => (member.Node, member.DataDirectory, member.Port)))
            .Concat(estate.FileTrees.SelectMany(tree => tree.Members.Select(member => (member.Node, member.Path, 0))));
        return places.Any(place => place.Node == node && (IsWithin(directory, place.Item2) || IsWithin(place.Item2, directory) || (place.Item3 != 0 && place.Item3 == to.Port)))
            ? Unusable($"something of the estate lives at {node} in {directory}{(to.Port is { } port ? $" or on port {port}" : "")}", "choose another directory and port; a restore never touches what runs")
            : null;
    }

    private static StartResult? Known(EstateDocument estate, ClusterId set)
    {
        // Throws with the nearest name.
        _ = estate.MongoDb(set);
        return null;
    }

    private static bool IsWithin(string path, string place) =>
        $"{path}/".StartsWith($"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))}/", StringComparison.Ordinal);

    private static StartResult Unusable(string reason, string hint) => StartResult.Refused(DrMeshError.RestoreTargetUnusable, reason, hint);
}
