using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Sessions;
using DrMesh.Grains.Backups.Unified.Steps;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>
/// Holds an application's writes for a limited time: by its own hook where it has one, and by locks in each PostgreSQL cluster beside it, so that a write which reaches a database by another way is held too.
/// Whatever becomes of this process, the locks end with their connections and the application resumes by itself after the time it was told.
/// </summary>
internal sealed class WriteFence(ApplicationHooks hooks, IPostgresPoints postgres, TimeProvider time)
{
    // The rest of the limit is for the points themselves, and for saying who kept the locks from being granted.
    private const double LockShare = 0.8;

    /// <summary>Does <paramref name="inside"/> while writes are held; they go on before this returns, whatever happens.</summary>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.FenceNotHeld"/>; <see cref="DrMeshError.PointNotTaken"/>: it took longer than the limit.
    /// </exception>
    public async Task<Fenced> RunAsync(
        StepContext<UnifiedBackupPlan> context, IReadOnlyList<PostgresServer> primaries, Func<CancellationToken, Task<PointsTaken>> inside, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var limit = plan.Consistency.FenceLimit;
        var began = time.GetTimestamp();
        var work = Task.FromResult<PointsTaken>(null!);
        string? state = null;
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await HeldAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooLong(limit);
        }
        finally
        {
            // What still runs is left to end by itself, but not unobserved: writes do not wait for it.
            await either.CancelAsync();
            await work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        var held = time.GetElapsedTime(began);
        return held <= limit ? new Fenced(await work, held, state) : throw TooLong(limit);

        async Task HeldAsync()
        {
            var holds = new List<IAsyncDisposable>();
            try
            {
                if (plan.Quiesces)
                {
                    await hooks.QuiesceAsync(context, either.Token);
                }

                // One after the other: two sessions that fence shared clusters cannot wait for each other in a circle.
                foreach (var primary in primaries.OrderBy(server => server.Node.ToString(), StringComparer.Ordinal).ThenBy(server => server.Port))
                {
                    holds.Add(await postgres.HoldAsync(primary, (limit - time.GetElapsedTime(began)) * LockShare, either.Token));
                }

                work = inside(either.Token);
                var capture = hooks.CaptureAsync(context, either.Token);
                await Task.WhenAll(work, capture).WaitAsync(either.Token);
                state = await capture;
            }
            finally
            {
                await ReleaseAsync(context, holds);
            }
        }
    }

    private async Task ReleaseAsync(StepContext<UnifiedBackupPlan> context, List<IAsyncDisposable> holds)
    {
        foreach (var hold in holds)
        {
            await hold.DisposeAsync();
        }

        if (context.Plan.Quiesces)
        {
            try
            {
                await hooks.ResumeAsync(context, CancellationToken.None);
            }
            catch (DrMeshException failure) when (failure.Code == DrMeshError.HookFailed)
            {
                // The session's next phase tells it again and again; this only is the soonest.
                context.Report($"the application was not resumed yet: {failure.Message}");
            }
        }
    }

    private static DrMeshException TooLong(TimeSpan limit) => new(
        DrMeshError.PointNotTaken,
        $"the point was not taken while writes were held: it took longer than {limit.TotalSeconds:0.###} s (consistency.fenceLimit)",
        "raise the limit, or see which part is slow: drmesh sessions explain");
}
