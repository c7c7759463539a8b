using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>From what was asked and what the estate declares to a plan, or why there is none.</summary>
internal static class UnifiedPlanner
{
    /// <summary>The plan; or the refusal.</summary>
    /// <exception cref="DrMeshException">The application is not in the estate.</exception>
    public static (UnifiedBackupPlan? Plan, StartResult? Refusal) Plan(EstateDocument estate, StartUnifiedBackup request, SessionId session)
    {
        var application = estate.Application(request.Application);
        var policy = estate.Policy(application.Policy).Backup;
        var parts = Parts(estate, application);
        var refusal = NoRepository(estate, application, parts) ?? NoArchive(estate, application) ?? NothingHolds(application, parts);
        return refusal is not null ? (null, refusal) : (new UnifiedBackupPlan
        {
            Application = application.Name,
            Backup = new BackupId(session.Value),
            IsFull = request.IsFull,
            Repositories = policy.Repositories,
            Consistency = application.Consistency,
            State = application.State,
            WhenPartFails = policy.WhenPartFails,
            Parts = parts,
            Labels = request.Labels,
        }, null);
    }

    private static ImmutableArray<UnifiedPart> Parts(EstateDocument estate, ApplicationDefinition application)
    {
        var clusters = application.Clusters.Select(name => estate.Clusters.First(cluster => cluster.Name == name)).Select(cluster =>
            Part(estate, cluster is PostgreSqlCluster ? PartKind.PostgreSql : PartKind.MongoDb, cluster.Name.Value, cluster.Policy));
        var trees = application.FileTrees.Select(estate.FileTree).Select(tree => Part(estate, PartKind.Files, tree.Name, tree.Policy));
        return [.. clusters, .. trees];
    }

    private static UnifiedPart Part(EstateDocument estate, PartKind kind, string name, string policy)
    {
        var backup = estate.Policy(policy).Backup;
        return new UnifiedPart
        {
            Kind = kind, Name = name, Repositories = backup.Repositories, CompressionLevel = backup.CompressionLevel, Parallelism = backup.Parallelism,
        };
    }

    private static StartResult? NoRepository(EstateDocument estate, ApplicationDefinition application, ImmutableArray<UnifiedPart> parts)
    {
        var without = estate.Policy(application.Policy).Backup.Repositories.IsEmpty ? $"application {application.Name}" : parts.FirstOrDefault(part => part.Repositories.IsEmpty)?.Target;
        return without is null ? null : StartResult.Refused(
            DrMeshError.EstateUnknownName, $"the policy of {without} names no repository", "add backup.repositories to the policy and apply the estate");
    }

    // A database's copy is older than the point: what leads from one to the other is its log.
    private static StartResult? NoArchive(EstateDocument estate, ApplicationDefinition application)
    {
        var without = application.Clusters.Select(name => estate.Clusters.First(cluster => cluster.Name == name))
            .FirstOrDefault(cluster => cluster is PostgreSqlCluster && !estate.PolicyOf(cluster).Backup.ContinuousArchive);
        return without is null ? null : StartResult.Refused(
            DrMeshError.FenceNotHeld,
            $"the policy {without.Policy} of {without.Name} has backup.continuousArchive: false, and a restore to a consistency point replays the log up to it",
            "set it to true and apply the estate");
    }

    // PostgreSQL's locks end with their connection. MongoDB's fsyncLock would outlive a DrMesh that died, and files have no lock at all: only the application can hold those.
    private static StartResult? NothingHolds(ApplicationDefinition application, ImmutableArray<UnifiedPart> parts)
    {
        var open = parts.FirstOrDefault(part => part.Kind != PartKind.PostgreSql);
        return application.Consistency.Mode == ConsistencyMode.Marker || application.State?.Quiesce is not null || open is null ? null : StartResult.Refused(
            DrMeshError.FenceNotHeld,
            $"a fence holds the writes of {open.Target} through the application only, and {application.Name} has no state.quiesce",
            "name the hooks state.quiesce and state.resume, or use consistency.mode: marker");
    }
}
