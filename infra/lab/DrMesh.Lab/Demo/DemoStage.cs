using System.Collections.Immutable;
using DrMesh.Client;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo;

/// <summary>What every act plays on.</summary>
internal sealed record DemoStage(World World, MeshConnection Mesh, Writers Writers, IDemoView View, TimeProvider Time)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long a session may be unknown: between its claim and its first state its silo may die, and nobody may ever begin it anew.</summary>
    public TimeSpan UnknownGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the mesh may take to be fit for the next act, or to begin what it begins by itself.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Runs a console command that begins a session of <paramref name="kind"/> and follows it to its end; fails unless it succeeded.</summary>
    public async Task<SessionSummary> RunSessionAsync(string kind, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var since = Time.GetUtcNow();
        await World.Console.RunAsync(command, cancellationToken);
        var session = await AwaitSessionAsync(kind, since, cancellationToken);
        return await Mesh.Grains.GetSession(session.Id).Get(cancellationToken);
    }

    /// <summary>Waits until a session has ended, and tells what it does meanwhile.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.SessionUnknown"/>: for a while no silo has known it.</exception>
    public async Task<SessionSummary> FollowAsync(SessionId id, CancellationToken cancellationToken)
    {
        var told = 0L;
        long? unknownSince = null;
        while (true)
        {
            try
            {
                await foreach (var happened in Mesh.Grains.GetSession(id).Watch(told, cancellationToken).WithCancellation(cancellationToken))
                {
                    if (happened.Sequence > told && Line(happened) is { } line)
                    {
                        View.Tell(line);
                    }

                    told = Math.Max(told, happened.Sequence);
                    unknownSince = null;
                }

                var summary = await Mesh.Grains.GetSession(id).Get(cancellationToken).WaitAsync(CallLimit, Time, cancellationToken);
                if (summary.IsEnded)
                {
                    return summary;
                }
            }
            catch (DrMeshException unknown) when (unknown.Code == DrMeshError.SessionUnknown)
            {
                unknownSince ??= Time.GetTimestamp();
                if (Time.GetElapsedTime(unknownSince.Value) >= UnknownGrace)
                {
                    throw new DrMeshException(
                        DrMeshError.SessionUnknown, $"session {id} was announced, and no silo has known it for {UnknownGrace.TotalSeconds:0} s", "run the demo again; with --keep, look with drmesh sessions list", unknown);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), Time, cancellationToken);
            }
            catch (Exception lost) when (lost is not OperationCanceledException)
            {
                // The silo that answered is the one that was killed: another goes on, and so does this.
                await Task.Delay(TimeSpan.FromMilliseconds(100), Time, cancellationToken);
            }
        }
    }

    /// <summary>Waits until the mesh has taken the cluster on and finds nothing that endangers a failover.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ClusterUnfit"/>: it still finds something after <see cref="Patience"/>.</exception>
    public async Task UntilHealthyAsync(CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        while (true)
        {
            var status = await Mesh.Grains.GetGrain<IDatabaseClusterGrain>(EstateText.Cluster).GetStatus(cancellationToken);
            if (status is { Primary: not null, Session: null, Findings.IsEmpty: true })
            {
                return;
            }

            if (Time.GetElapsedTime(begun) >= Patience)
            {
                var found = status.Session is { } session ? $"session {session} still moves it" : string.Join("; ", status.Findings.DefaultIfEmpty("nobody leads it"));
                throw new DrMeshException(
                    DrMeshError.ClusterUnfit, $"cluster {EstateText.Cluster} is not fit for a failover after {Patience.TotalSeconds:0} s: {found}", "run the demo again on a machine with less to do");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Time, cancellationToken);
        }
    }

    /// <summary>Compares the writers' logs with the rows of the server the service's name answers with.</summary>
    public async Task<CheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var region = World.RegionAt(await World.Lookup.AskAsync(cancellationToken)) ?? throw new InvalidOperationException("the service's name answers nothing");
        return await Checker.CheckAsync(Writers.Log, World.Databases.ConnectionString(region, Databases.ControlRole), Time, cancellationToken);
    }

    /// <summary>The first session of a kind that began after <paramref name="since"/>; waits for it.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.SessionUnknown"/>: none began within <see cref="Patience"/>.</exception>
    public async Task<SessionEntry> AwaitSessionAsync(string kind, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var begun = Time.GetTimestamp();
        while (true)
        {
            ImmutableArray<SessionEntry> found = [];
            try
            {
                found = await Mesh.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter { Kind = kind, Since = since }, cancellationToken)
                    .WaitAsync(CallLimit, Time, cancellationToken);
            }
            catch (Exception lost) when (lost is not OperationCanceledException)
            {
                // As above; a call that waits for a killed silo is not waited for.
            }

            if (found.OrderBy(entry => entry.StartedAt).FirstOrDefault() is { } entry)
            {
                return entry;
            }

            if (Time.GetElapsedTime(begun) >= Patience)
            {
                throw new DrMeshException(DrMeshError.SessionUnknown, $"no {kind} session has begun within {Patience.TotalSeconds:0} s", "run the demo again on a machine with less to do");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Time, cancellationToken);
        }
    }

    // The evidence behind each step is in drmesh sessions explain; here it would drown the story.
    private static string? Line(SessionEvent happened) => happened.Kind switch
    {
        SessionEventKind.PhaseChanged => happened.Text,
        SessionEventKind.StepDone => $"  {happened.Text.Split(" (", 2)[0]}",
        SessionEventKind.StepFailed or SessionEventKind.Resumed => $"  {happened.Text}",
        _ => null,
    };
}
