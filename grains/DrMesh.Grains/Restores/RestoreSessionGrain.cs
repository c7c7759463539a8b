using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Estate;
using DrMesh.Core.Restores.Sessions;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Sessions;

namespace DrMesh.Grains.Restores;

/// <summary>The durable restore of one cluster.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.Restore)]
internal sealed class RestoreSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<RestorePlan>> state, SessionServices<RestorePlan> services, AppliedEstates estates, IGrainFactory grains)
    : SessionGrain<RestorePlan>(state, services), IRestoreSessionGrain
{
    public async Task<StartResult> Start(StartRestore request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var estate = await estates.CurrentAsync(cancellationToken);
            if (estate.Clusters.OfType<Contracts.Estate.MongoDbCluster>().Any(set => set.Name == request.Cluster))
            {
                return StartResult.Refused(
                    DrMeshError.RestoreTargetUnusable, $"{request.Cluster} is a replica set, which is restored into another set as a part of its application", "drmesh pitr run --app APPLICATION --part; see drmesh pitr run --help");
            }

            var cluster = estate.PostgreSql(request.Cluster);
            if (Conflict(request, cluster) is { } conflict)
            {
                return conflict;
            }

            var shown = await grains.GetGrain<IRestorePlannerGrain>(request.Cluster.Value).Plan(request.Target, cancellationToken);
            if (shown.Refusal is { } refusal)
            {
                return StartResult.Refused(DrMeshError.RestoreTargetUnusable, refusal, $"drmesh pitr windows {request.Cluster} shows what can be reached");
            }

            var policy = estate.PolicyOf(cluster).Backup;
            var plan = new RestorePlan
            {
                Cluster = request.Cluster,
                Repositories = policy.Repositories,
                Backup = request.Backup ?? new BackupId(shown.Backup),
                Target = request.Target,
                Node = request.Node,
                Directory = request.Directory,
                Port = request.Port,
                IsDelta = request.IsDelta,
                Parallelism = policy.Parallelism,
                TablespaceMap = request.TablespaceMap,
                Shown = shown,
            };
            return await BeginAsync($"{request.Node}:{request.Directory}", $"restore of {request.Cluster} to {request.Target} on {request.Node}", plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }

    // A restore never writes where a member of the cluster lives, nor takes its port: that is what a failback is for.
    private static StartResult? Conflict(StartRestore request, Contracts.Estate.PostgreSqlCluster cluster)
    {
        if (!Path.IsPathFullyQualified(request.Directory))
        {
            return StartResult.Refused(DrMeshError.RestoreTargetUnusable, $"directory {request.Directory} is not absolute", "give the whole path");
        }

        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Directory));
        var member = cluster.Members.FirstOrDefault(known => known.Node == request.Node
            && (known.Port == request.Port || Path.TrimEndingDirectorySeparator(known.DataDirectory) == directory));
        return member is null
            ? null
            : StartResult.Refused(
                DrMeshError.RestoreTargetUnusable,
                $"member {member.Name} of {cluster.Name} lives at {request.Node} port {member.Port} in {member.DataDirectory}",
                "choose another directory and port; a restore never touches a running cluster");
    }
}
