using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Estate;
using DrMesh.Core.Sessions;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Calls an application's own hooks around a consistency point.</summary>
internal sealed class ApplicationHooks(AppliedEstates estates, IHookRunner runner, TimeProvider time)
{
    /// <summary>Asks the application to hold its writes, and tells it when to let go by itself.</summary>
    public Task QuiesceAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken) => RunAsync(
        context.Plan.State!.Quiesce!,
        Call(context, "quiesce", $"hold your writes; without a resume within {context.Plan.State.DeadManLimit.TotalSeconds:0.###} s go on by yourself") with
        {
            DeadManSeconds = context.Plan.State.DeadManLimit.TotalSeconds,
        },
        cancellationToken);

    /// <summary>Tells the application to write again. Harmless when it does.</summary>
    public Task ResumeAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken) =>
        RunAsync(context.Plan.State!.Resume!, Call(context, "resume", "write again"), cancellationToken);

    /// <summary>Asks for the application's own state; null: it hands out none.</summary>
    public async Task<string?> CaptureAsync(StepContext<UnifiedBackupPlan> context, CancellationToken cancellationToken) =>
        context.Plan.State?.Capture is { } name
            ? await runner.CaptureAsync(await FindAsync(name, cancellationToken), Call(context, "capture", "hand out your state"), cancellationToken)
            : null;

    private async Task RunAsync(string name, HookCall call, CancellationToken cancellationToken) =>
        await runner.RunAsync(await FindAsync(name, cancellationToken), call, cancellationToken);

    private async Task<HookDefinition> FindAsync(string name, CancellationToken cancellationToken) => (await estates.CurrentAsync(cancellationToken)).Hook(name);

    private HookCall Call(StepContext<UnifiedBackupPlan> context, string what, string text) => new()
    {
        Id = $"{context.Session}/{context.Key.Step}/{context.Key.Attempt}/{what}",
        Event = what,
        At = time.GetUtcNow(),
        Session = context.Session.Value,
        Subject = context.Plan.Application,
        Text = text,
    };
}
