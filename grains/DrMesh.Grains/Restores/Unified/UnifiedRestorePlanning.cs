using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Errors;
using DrMesh.Core.Restores.Unified;
using DrMesh.Grains.Backups.Unified;
using DrMesh.Grains.Estate;

namespace DrMesh.Grains.Restores.Unified;

/// <summary>From a request to a plan that names every part's backup, stop, turn and length, or to why there is none. It reads the repositories and writes nothing.</summary>
internal sealed class UnifiedRestorePlanning(
    AppliedEstates estates, ApplicationManifests manifests, ApplicationRepositories repositories, IPostgresEngine postgres, PartStops stops, RestoreHistory history)
{
    /// <summary>The plan and how it is shown; a plan of null was refused.</summary>
    public async Task<(UnifiedRestorePlan? Plan, UnifiedPitrPlan Shown)> PlanAsync(StartUnifiedRestore request, CancellationToken cancellationToken)
    {
        var shown = new UnifiedPitrPlan { Application = request.Application, Target = Target(request) };
        try
        {
            return await TryPlanAsync(request, shown, cancellationToken);
        }
        catch (DrMeshException refusal) when (refusal.Code is DrMeshError.RestoreTargetUnusable or DrMeshError.RepositoryBackupUnknown)
        {
            return (null, shown with { Refusal = refusal.Message, Hint = refusal.Hint });
        }
    }

    private async Task<UnifiedBackupEntry> FindAsync(string application, BackupId named, CancellationToken cancellationToken) =>
        await manifests.FindAsync(application, named, cancellationToken) ?? throw new DrMeshException(
            DrMeshError.RepositoryBackupUnknown, $"no tier has a unified backup {named} of {application}", NearestName.Hint(named.Value, await manifests.NamesAsync(application, cancellationToken)));

    private async Task<(UnifiedRestorePlan? Plan, UnifiedPitrPlan Shown)> TryPlanAsync(StartUnifiedRestore request, UnifiedPitrPlan shown, CancellationToken cancellationToken)
    {
        var estate = await estates.CurrentAsync(cancellationToken);
        var end = request.Before is { } before ? await EndOfAsync(request.Application, before, cancellationToken) : null;
        // One tick of the server's clock before the commit: what the others hold of that very microsecond is not known.
        var until = end?.At.AddMicroseconds(-1) ?? request.Until;
        var backup = request.Backup is { } named
            ? await FindAsync(request.Application, named, cancellationToken)
            : await manifests.NewestAsync(request.Application, entry => IsBefore(entry, request, end), cancellationToken) ?? throw new DrMeshException(
                DrMeshError.RepositoryBackupUnknown,
                $"no tier has a unified backup of {request.Application}{(until is { } time ? $" from before {time:u}" : "")}",
                $"drmesh backup list --app {request.Application} shows what there is");
        if (!IsBefore(backup, request, end))
        {
            throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable, $"the point of {backup.Id} is of {backup.TakenAt:u}, after {Target(request)}", "choose an earlier backup, or none, so that it is chosen");
        }

        var (plan, refusal) = UnifiedRestorePlanner.Plan(estate, request with { Until = until }, backup);
        if (plan is null)
        {
            return (null, shown with { Refusal = refusal!.Reason, Hint = refusal.Hint });
        }

        plan = plan with { Before = request.Before };
        var rates = await history.PartRatesAsync(cancellationToken);
        var parts = new List<(PartRestore Part, PartRestorePlan Shown)>();
        foreach (var part in plan.Parts)
        {
            parts.Add(await stops.FindAsync(plan, part, end, rates, cancellationToken));
        }

        var known = parts.Select(part => new RestoreTurns.Part(part.Part.Target, $"{part.Part.To.Node}{part.Part.To.Set}", part.Shown.Estimate)).ToArray();
        plan = plan with { Parts = [.. parts.Select(part => part.Part)], Turns = RestoreTurns.Of(request.Strategy, known) };
        shown = shown with
        {
            Backup = backup.Id,
            TakenAt = backup.TakenAt,
            Parts = [.. parts.Select(part => part.Shown)],
            Strategies = RestoreTurns.Offers(request.Strategy, known),
            Steps = UnifiedPitrSteps.Forward(plan),
            Rollback = UnifiedPitrSteps.Back(plan),
        };
        return (plan, shown);
    }

    /// <summary>Where a transaction ended.</summary>
    /// <exception cref="DrMeshException">The application has no such cluster, its archive no such transaction, or it was rolled back.</exception>
    private async Task<TransactionEnd> EndOfAsync(string application, TransactionTarget before, CancellationToken cancellationToken)
    {
        var newest = await manifests.NewestAsync(application, _ => true, cancellationToken);
        var part = newest?.Parts.FirstOrDefault(part => part.Kind == PartKind.PostgreSql && part.Name == before.Cluster.Value) ?? throw new DrMeshException(
            DrMeshError.RestoreTargetUnusable,
            $"no unified backup of {application} has a PostgreSQL cluster {before.Cluster}",
            $"drmesh backup list --app {application} shows what there is");
        await using var repository = await repositories.OpenAsync(part.Repositories, part.Name, cancellationToken);
        var end = await Task.Run(() => postgres.FindTransactionAsync(before.Cluster, repository, before.Transaction, cancellationToken), cancellationToken);
        return end switch
        {
            null => throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable, $"the archive of {before.Cluster} holds no end of transaction {before.Transaction}", "it may not have ended yet, or been a subtransaction or a prepared one; restore to a time"),
            { IsCommitted: false } => throw new DrMeshException(
                DrMeshError.RestoreTargetUnusable, $"transaction {before.Transaction} of {before.Cluster} was rolled back at {end.At:u}: it changed nothing", "restore to a time"),
            _ => end,
        };
    }

    // By the log where there is one: the clocks of silo and server are two.
    private static bool IsBefore(UnifiedBackupEntry backup, StartUnifiedRestore request, TransactionEnd? end) => end is null
        ? !(backup.TakenAt > request.Until)
        : backup.Parts.FirstOrDefault(part => part.Kind == PartKind.PostgreSql && part.Name == request.Before!.Cluster.Value) is { } part && Lsn.Parse(part.Point["lsn"]) < end.Position;

    private static string Target(StartUnifiedRestore request) => request.Before is { } before ? $"just before transaction {before.Transaction} of {before.Cluster}"
        : request.Until is { } time ? $"{time:yyyy-MM-dd HH:mm:ss.ffffffzzz}"
        : "the backup's point";
}
