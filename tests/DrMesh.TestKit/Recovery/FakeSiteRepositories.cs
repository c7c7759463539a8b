using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;
using DrMesh.Core.Backups;
using DrMesh.Grains.Recovery.Sites;
using DrMesh.TestKit.Repositories;

namespace DrMesh.TestKit.Recovery;

/// <summary>FAKE repositories of every cluster: each has a base backup and an archive; what the archive holds, <see cref="FakeDatabaseServers"/> says.</summary>
internal sealed class FakeSiteRepositories() : SiteRepositories(null!, null!, null!)
{
    public override Task<IBackupRepository> OpenAsync(ClusterId cluster, CancellationToken cancellationToken) => Task.FromResult<IBackupRepository>(new FakeRepository());

    public override Task<PitrPlan> PlanAsync(ClusterId cluster, IBackupRepository repository, CancellationToken cancellationToken) =>
        Task.FromResult(new PitrPlan { Target = RecoveryTarget.Latest, Backup = "base", Tier = "hot", LogTo = "0/1" });
}
