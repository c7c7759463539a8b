using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Estate;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Sessions;

namespace DrMesh.Grains.Backups;

/// <summary>The durable backup of one cluster.</summary>
[GrainType(SessionGrains.GrainTypePrefix + SessionKinds.Backup)]
internal sealed class BackupSessionGrain(
    [PersistentState("session")] IPersistentState<StoredSession<BackupPlan>> state, SessionServices<BackupPlan> services, AppliedEstates estates)
    : SessionGrain<BackupPlan>(state, services), IBackupSessionGrain
{
    public async Task<StartResult> Start(StartBackup request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var estate = await estates.CurrentAsync(cancellationToken);
            var policy = estate.PolicyOf(estate.PostgreSql(request.Cluster)).Backup;
            if (policy.Repositories.IsEmpty)
            {
                return StartResult.Refused(
                    DrMeshError.EstateUnknownName,
                    $"the policy of {request.Cluster} names no repository",
                    "add backup.repositories to the policy and apply the estate");
            }

            var plan = new BackupPlan
            {
                Cluster = request.Cluster,
                Backup = new BackupId(Id.Value),
                IsFull = request.IsFull,
                Repositories = policy.Repositories,
                CompressionLevel = policy.CompressionLevel,
                Parallelism = policy.Parallelism,
                Labels = request.Labels,
            };
            return await BeginAsync(request.Cluster.Value, $"{(request.IsFull ? "full " : "")}backup of {request.Cluster}", plan);
        }
        catch (DrMeshException unknown) when (unknown.Code == DrMeshError.EstateUnknownName)
        {
            return StartResult.Refused(unknown.Code, unknown.Message, unknown.Hint);
        }
    }
}
