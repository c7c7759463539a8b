using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups;

namespace DrMesh.Grains.Backups;

/// <summary>One verification, off the grain's scheduler.</summary>
internal sealed class VerificationRun : IProgress<VerifyProgress>
{
    private volatile BackupVerification _state;

    private VerificationRun(BackupId id) => _state = new BackupVerification { Id = id, IsRunning = true };

    /// <summary>How it stands.</summary>
    public BackupVerification State => _state;

    /// <summary>Starts it.</summary>
    public static VerificationRun Start(ClusterRepositories repositories, ClusterId cluster, BackupId id)
    {
        var run = new VerificationRun(id);
        _ = Task.Run(() => run.RunAsync(repositories, cluster, id));
        return run;
    }

    public void Report(VerifyProgress value) => _state = _state with { DoneBytes = value.DoneBytes, TotalBytes = value.TotalBytes };

    private async Task RunAsync(ClusterRepositories repositories, ClusterId cluster, BackupId id)
    {
        try
        {
            await using var repository = await repositories.OpenAsync(cluster, CancellationToken.None);
            var report = await repository.VerifyAsync(new VerifyRequest { Backup = id }, this);
            _state = new BackupVerification
            {
                Id = id,
                IsRunning = false,
                DoneBytes = report.Bytes,
                TotalBytes = report.Bytes,
                Objects = report.Objects,
                Damages = [.. report.Damages.Select(damage => $"{damage.Tier} {damage.Key}: {damage.Fact}")],
            };
        }
        catch (Exception failure)
        {
            _state = _state with { IsRunning = false, Failure = failure is DrMeshException known ? $"{known.Message}; {known.Hint}" : failure.Message };
        }
    }
}
