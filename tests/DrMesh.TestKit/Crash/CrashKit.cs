using System.Text.RegularExpressions;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace DrMesh.TestKit.Crash;

/// <summary>
/// A cluster of two silos over one store, in which a silo dies, or a call throws, at a chosen write or effect of a session. Every kind of session is run through
/// every place: it must come to the end it comes to without the crash.
/// </summary>
public sealed partial class CrashKit : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private readonly InProcessTestCluster _cluster;
    private readonly Places _places;
    private TaskCompletionSource<string> _death = NewDeath();

    private CrashKit(InProcessTestCluster cluster, CrashScript script, SharedStates states, FakeSessionTable table, Places places)
    {
        _places = places;
        States = states;
        _cluster = cluster;
        Script = script;
        Table = table;
    }

    /// <summary>Where the next crash strikes.</summary>
    public CrashScript Script { get; }

    /// <summary>What is stored of grains.</summary>
    public SharedStates States { get; }

    /// <summary>The shared session table.</summary>
    public FakeSessionTable Table { get; }

    /// <summary>A client of the cluster.</summary>
    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Starts the cluster with one kind of session.</summary>
    /// <param name="machine">Its machine.</param>
    /// <param name="runners">Its runners; what they act on outlives every silo.</param>
    public static Task<CrashKit> StartAsync<TPlan>(SessionMachine<TPlan> machine, Func<IEnumerable<IStepRunner<TPlan>>> runners)
        where TPlan : class => StartAsync<TPlan>(silo =>
    {
        silo.Services.AddSessionKind(machine);
        foreach (var runner in runners())
        {
            silo.Services.AddSingleton(runner);
        }
    });

    /// <summary>Starts the cluster with one kind of session, wired as a silo wires it.</summary>
    /// <param name="wire">Adds the kind, its runners and what they need.</param>
    public static Task<CrashKit> StartAsync<TPlan>(Action<ISiloBuilder> wire)
        where TPlan : class => StartAsync<TPlan>((silo, _) => wire(silo));

    /// <summary>Starts the cluster with one kind of session, wired as a silo wires it.</summary>
    /// <param name="wire">Adds the kind, its runners and what they need; told the silo's place, 0 or 1: a silo that replaces a dead one takes its place.</param>
    public static async Task<CrashKit> StartAsync<TPlan>(Action<ISiloBuilder, int> wire)
        where TPlan : class
    {
        var script = new CrashScript();
        var states = new SharedStates();
        var table = new FakeSessionTable(TimeProvider.System);
        var builder = new InProcessTestClusterBuilder(2);
        var started = 0;
        var places = new Places();
        builder.ConfigureSilo((options, silo) =>
        {
            // The cluster gives a name again once its silo is dead; a dead silo must stay dead.
            var life = $"{options.SiloName}#{Interlocked.Increment(ref started)}";
            silo.UseInMemoryReminderService();
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                ProviderConstantsDefault, (provider, _) => new SharedStorage(states, script, life));
            silo.Services.AddSingleton<IGrainStorage>(provider => provider.GetRequiredKeyedService<IGrainStorage>(ProviderConstantsDefault));
            silo.Services.AddSingleton<ISessionTable>(new GatedSessionTable(table, script, life));
            silo.Services.AddDrMeshSessions(sessions =>
            {
                sessions.HeartbeatEvery = TimeSpan.FromMilliseconds(100);
                sessions.StaleAfter = TimeSpan.FromSeconds(20);
            });
            wire(silo, places.Take(life));
            foreach (var runner in silo.Services.Where(service => service.ServiceType == typeof(IStepRunner<TPlan>)).ToArray())
            {
                silo.Services.Remove(runner);
                silo.Services.AddSingleton<IStepRunner<TPlan>>(provider => new CrashingRunner<TPlan>(
                    (IStepRunner<TPlan>)(runner.ImplementationInstance ?? ActivatorUtilities.CreateInstance(provider, runner.ImplementationType!)), script, life));
            }

            silo.Services.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
                membership.ProbeTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        // A call that was with a silo that died is lost without a word; it is asked again soon instead of after half a minute.
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5)));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new CrashKit(cluster, script, states, table, places);
    }

    /// <summary>Runs a session once without a crash, then once for each place a crash can strike, and demands the same end each time.</summary>
    /// <param name="newSession">Makes a session's id; each run gets its own.</param>
    /// <param name="begin">Begins the session of that id; called again until it is begun.</param>
    /// <param name="describe">What the world looks like afterwards, sorted; the session's id is taken out before ends are compared.</param>
    /// <param name="where">Which places to try; null: all.</param>
    /// <returns>How many places were struck: a session that has to wait for the world less often than the first one did may end before it comes to the last of them.</returns>
    public async Task<int> CrashEverywhereAsync(
        Func<int, SessionId> newSession,
        Func<IGrainFactory, SessionId, Task<StartResult>> begin,
        Func<SessionId, string> describe,
        Func<CrashPoint, bool>? where = null)
    {
        var undisturbed = newSession(0);
        Script.Arm(undisturbed.Value, null);
        var expected = End(await RunAsync(undisturbed, begin), describe(undisturbed)).Replace(undisturbed.Value, "", StringComparison.Ordinal);
        var points = CrashPoint.All(Script.Writes, Script.Effects).Where(where ?? (static _ => true)).ToArray();
        var struck = 0;
        for (var run = 0; run < points.Length; run++)
        {
            var session = newSession(run + 1);
            Script.Arm(session.Value, points[run]);
            var running = RunAsync(session, begin);
            await Task.WhenAny(running, Script.Struck);
            if (Script.Struck.IsCompletedSuccessfully)
            {
                struck++;
                if (points[run].Manner == CrashManner.SiloDies)
                {
                    await ReplaceAsync(await Script.Struck);
                }
            }

            // What a session had to leave, since it could not reach it, others put in order after its end.
            var ended = await running;
            await Eventually.HoldsAsync(
                () => Task.FromResult(EndNow() == expected), Settling, () => $"after {points[run]} the end is\n  {EndNow()}\ninstead of\n  {expected}");

            string EndNow() => End(ended, describe(session)).Replace(session.Value, "", StringComparison.Ordinal);
        }

        return struck;
    }

    /// <summary>Begins a session and sees it to its end, approving what it asks; a lost silo is no reason to give up.</summary>
    public async Task<SessionSummary> RunAsync(SessionId session, Func<IGrainFactory, SessionId, Task<StartResult>> begin)
    {
        SessionSummary? last = null;
        StartResult? begun = null;
        Exception? failure = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    if (last is null)
                    {
                        begun = await AskAsync(() => begin(Grains, session));
                    }

                    last = await AskAsync(() => Grains.GetSession(session).Get());
                    if (last.Approval is { } asked)
                    {
                        await Grains.GetSession(session).Approve(asked.Name);
                    }
                }
                catch (Exception lost) when (lost is DrMeshException or OrleansException or TimeoutException or SiloDiedException)
                {
                    failure = lost;
                }

                return last is { IsEnded: true };
            },
            Patience,
            () => $"{session} stands at {last?.Phase ?? "nothing"} {last?.Status}; steps {string.Join(", ", last?.Steps.Select(step => $"{step.Step} {step.Target} {step.Status}") ?? [])}; begun: {begun?.Outcome} {begun?.Reason}; last failure {failure}");
        return last!;
    }

    /// <summary>Ends a silo without farewell and starts another.</summary>
    public async Task ReplaceAsync(string silo)
    {
        var name = silo[..silo.IndexOf('#', StringComparison.Ordinal)];
        var dead = _cluster.Silos.Single(handle => handle.Name == name);
        await _cluster.KillAndTellAsync(dead);
        Script.DeathIsKnown(silo);
        Interlocked.Exchange(ref _death, NewDeath()).SetResult(silo);
        _places.Free(silo);
        await _cluster.StartAdditionalSiloAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private const string ProviderConstantsDefault = "Default";

    private static TaskCompletionSource<string> NewDeath() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A call that was with a silo that died is lost without a word: it is given up with the silo, not when its time is over.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        var death = Volatile.Read(ref _death).Task;
        var asked = ask();
        return await Task.WhenAny(asked, death) == asked ? await asked : throw new SiloDiedException(await death);
    }

    // A step that fails after a start was lost with its silo ends as unknown: what that start did is not known, and the world must be the same.
    // Which step ended a session is compared, not what the last of its tries met: on a machine that is busy that may be a time limit instead of the refusal.
    private static string End(SessionSummary summary, string world) =>
        $"{summary.Status} in {summary.Phase}: {ReasonOfStep().Replace(summary.Outcome ?? "", "($1)")}; steps {string.Join(", ", summary.Steps.Select(step => $"{step.Step} {step.Target} {(step.Status == StepStatus.Unknown ? StepStatus.Failed : step.Status)}"))}; world {world}";

    [GeneratedRegex(@"\(([A-Z]\w+ [^\s:]+): .*\)$")]
    private static partial Regex ReasonOfStep();

    /// <summary>Which of the two places each silo has.</summary>
    private sealed class Places
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, int> _taken = [];

        public int Take(string silo)
        {
            lock (_lock)
            {
                return _taken[silo] = Enumerable.Range(0, int.MaxValue).First(place => !_taken.ContainsValue(place));
            }
        }

        public void Free(string silo)
        {
            lock (_lock)
            {
                _taken.Remove(silo);
            }
        }
    }
}
