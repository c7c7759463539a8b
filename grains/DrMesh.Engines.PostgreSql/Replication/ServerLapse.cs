using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>Stops a server whose lease ran out, whatever else is done with it, and lets it serve again.</summary>
internal sealed class ServerLapse(PostgresInstance instance, IDatabaseHost host, ServerDirectory directory, AgentLease lease)
{
    private int _lapses;

    /// <summary>Stops it at once; who starts it by hand from here on gets a standby that follows nobody.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The signal comes first: on a busy machine everything else takes its time.
        if (instance.ReadPostmasterPid() is { } server)
        {
            ProcessSignal.SendQuit(server);
        }

        Interlocked.Increment(ref _lapses);
        lease.HasLapsed = true;
        await directory.MakeStandbyAsync(cancellationToken);
        await host.StopAsync(ShutdownMode.Immediate, cancellationToken);
    }

    /// <summary>Starts it as a primary. A lease that runs out while it starts is a new lapse.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        var lapses = Volatile.Read(ref _lapses);
        if (lease.HasLapsed)
        {
            directory.MakePrimary();
            await host.StartAsync(cancellationToken);
            lease.HasLapsed = Volatile.Read(ref _lapses) != lapses;
        }
    }
}
