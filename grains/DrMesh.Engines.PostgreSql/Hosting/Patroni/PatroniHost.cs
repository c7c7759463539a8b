using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Engines.PostgreSql.Replication;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Hosting.Patroni;

/// <summary>
/// A server beside a Patroni in maintenance mode, alone in its cluster (<see cref="PatroniSetup"/>). Patroni starts it, since it gives it its settings; it is stopped by <c>pg_ctl</c>, which
/// works while Patroni hangs or is gone, and which a paused Patroni respects.
/// </summary>
public sealed class PatroniHost(PostgresInstance instance, PatroniOptions options, TimeProvider time) : IDatabaseHost, IDisposable
{
    // From where it has found the server stopped and holds no leader's key: with the next look it would start it, with the one after that this is seen.
    private const int LooksToSee = 2;
    private static readonly string[] Files = ["postgresql.conf", "postgresql.base.conf"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly PatroniApi _api = new(options, time);
    private string? _lately;
    private long? _askedAt;
    private int _isAsking;

    /// <inheritdoc/>
    public bool IsRunning => instance.ReadPostmasterPid() is not null;

    /// <inheritdoc/>
    public bool KeepsRecoverySettings => false;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            return;
        }

        var upstream = ServerDirectory.ReadUpstream(instance);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = _api.StartServerAsync(enough.Token);
        try
        {
            await UntilAsync(() => IsRunning, starting, cancellationToken);
            // Patroni has taken whom a standby follows out of postgresql.auto.conf by now. It may need that upstream's WAL before it accepts a connection.
            if (upstream is not null && ServerDirectory.IsMadeStandby(instance) && ServerDirectory.ReadUpstream(instance) != upstream)
            {
                await ServerDirectory.SetUpstreamAsync(instance, upstream, cancellationToken);
                await ReloadAsync(cancellationToken);
            }

            await UntilAsync(() => instance.HasStarted, starting, cancellationToken);
        }
        finally
        {
            await enough.CancelAsync();
            await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken) => instance.StopAsync(mode, options.Patience, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> ObjectionAsync(CancellationToken cancellationToken)
    {
        string? objection;
        try
        {
            var facts = await _api.ReadAsync(cancellationToken);
            objection = PatroniSetup.Objection(facts, options.ServerPort, instance.ReadStartTime()) ?? FollowsByFile(facts.Scope);
        }
        catch (DrMeshException silent) when (silent.Code is DrMeshError.ServerHostFailed or DrMeshError.ConfigurationInvalid)
        {
            objection = $"{silent.Message}; {silent.Hint}";
        }

        Volatile.Write(ref _lately, objection);
        return objection;
    }

    /// <inheritdoc/>
    public string? ObjectionLately()
    {
        if ((_askedAt is not { } at || time.GetElapsedTime(at) > Fresh) && Interlocked.CompareExchange(ref _isAsking, 1, 0) == 0)
        {
            _askedAt = time.GetTimestamp();
            _ = Task.Run(async () =>
            {
                try
                {
                    await ObjectionAsync(CancellationToken.None);
                }
                finally
                {
                    Volatile.Write(ref _isAsking, 0);
                }
            });
        }

        return Volatile.Read(ref _lately);
    }

    /// <inheritdoc/>
    public async Task StaysDownAsync(CancellationToken cancellationToken)
    {
        var (begun, looks, last) = (time.GetTimestamp(), 0, 0L);
        while (looks <= LooksToSee)
        {
            var (isStopped, read) = await _api.ReadLastLookAsync(cancellationToken);
            if (instance.IsHeld || (!isStopped && looks > 0))
            {
                throw new DrMeshException(
                    DrMeshError.ServerHostFailed,
                    $"the Patroni at {options.Url} started the server again although it is paused",
                    "set postgresql.use_pg_rewind: false in Patroni's own configuration file as well, then patronictl reload");
            }

            if (isStopped && read != last)
            {
                (begun, last) = (time.GetTimestamp(), read);
                looks++;
            }
            else if (time.GetElapsedTime(begun) > options.Patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerHostFailed,
                    string.Create(CultureInfo.InvariantCulture, $"the Patroni at {options.Url} has not looked at its stopped server for {options.Patience.TotalSeconds:0} s, so nobody knows whether it would start it again"),
                    "see whether its store answers, and keep loop_wait below a minute");
            }

            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    // Patroni clears postgresql.auto.conf whenever it writes its own files; what another one says counts again from then on. What it remembers of an earlier leader is gone with a restart.
    private string? FollowsByFile(string scope) => Files.FirstOrDefault(name => ServerDirectory.ReadUpstream(instance, name) is not null) is { } file
        ? $"{file} sets primary_conninfo, and its server may follow that again whatever it promised; take the line out of it, or where Patroni wrote it restart Patroni, then patronictl restart {scope}"
        : null;

    // The server counts, not the call: Patroni waits longer than is needed, and may have been overtaken.
    private async Task UntilAsync(Func<bool> holds, Task starting, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (!holds())
        {
            if (starting.IsFaulted)
            {
                await starting;
            }

            if (time.GetElapsedTime(begun) > options.Patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerHostFailed,
                    string.Create(CultureInfo.InvariantCulture, $"the server on {instance.DataDirectory} does not run {options.Patience.TotalSeconds:0} s after the Patroni at {options.Url} was asked to start it"),
                    "look at Patroni's log and the server's; Patroni's data_dir must be the dataDirectory of the estate");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var command = new ToolCommand { Program = instance.Install.Program("pg_ctl"), Arguments = ["reload", "-D", instance.DataDirectory], RunAs = instance.Install.User, WorkingDirectory = "/" };
        (await ToolProcess.RunAsync(command, cancellationToken)).EnsureSuccess("look at the server's log");
    }
}
