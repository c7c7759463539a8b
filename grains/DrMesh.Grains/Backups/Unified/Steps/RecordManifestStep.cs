using System.Text;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Backups.Unified.Steps;

/// <summary>Writes the manifest as a backup of its own, sealed as all are.</summary>
internal sealed class RecordManifestStep(ApplicationRepositories repositories, TimeProvider time) : IStepRunner<UnifiedBackupPlan>
{
    public StepName Step => UnifiedBackupMachine.RecordManifest;

    public async Task<StepResult> RunAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        await using var repository = await repositories.OpenAsync(plan.Repositories, plan.Application, cancellationToken);
        if (await repository.FindAsync(plan.Backup, cancellationToken) is { } done)
        {
            return StepResult.Done(("backup", done.Id.Value));
        }

        var json = UnifiedFacts.Manifest(context.State).ToJson();
        var content = Encoding.UTF8.GetBytes(json);
        await using var writer = await repository.BeginAsync(
            new BackupDraft { Id = plan.Backup, Engine = UnifiedManifest.Engine, Source = plan.Application, StartedAt = context.State.StartedAt, Labels = plan.Labels }, cancellationToken);
        var extents = new List<Extent>();
        for (var offset = 0; offset < content.Length; offset += ChunkSize.Usual)
        {
            var length = Math.Min(ChunkSize.Usual, content.Length - offset);
            var chunk = await writer.AddChunkAsync(content.AsMemory(offset, length), cancellationToken);
            extents.Add(new Extent(offset, new ChunkSlice(chunk, 0, length)));
        }

        var now = time.GetUtcNow();
        await writer.AddFileAsync(
            new BackupFile { Path = UnifiedManifest.File, Length = content.Length, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite, ModifiedAt = now, Extents = extents.ToArray() }, cancellationToken);
        var commit = await writer.CommitAsync(
            new BackupCompletion
            {
                CompletedAt = now,
                Facts = new Dictionary<string, string> { [UnifiedManifest.Fact] = json },
                Warnings = UnifiedFacts.Warnings(context.State),
            },
            cancellationToken);
        return new StepResult { Outcome = StepOutcome.Done, Evidence = Evidence.Of(commit.Summary, commit.Tiers).Remove(UnifiedManifest.Fact) };
    }
}
