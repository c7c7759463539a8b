namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>What starts and stops a database server: pg_ctl, a systemd unit, Patroni.</summary>
public interface IDatabaseHost
{
    /// <summary>Whether the server's process runs.</summary>
    bool IsRunning { get; }

    /// <summary>Whether what the data directory says of a recovery is in force from a standby's first moment on. Whom it follows is kept in any case, and may be in force a moment later.</summary>
    bool KeepsRecoverySettings => true;

    /// <summary>Starts the server and waits until it answers; "already running" is success.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the server and waits until its process is gone; "already stopped" is success.</summary>
    Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken);

    /// <summary>Why the host might undo an order by itself, one sentence with the next step; null: it leaves a server as it was left.</summary>
    Task<string?> ObjectionAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>What <see cref="ObjectionAsync"/> said lately; waits for nothing, and has the host asked again every few seconds.</summary>
    string? ObjectionLately() => null;

    /// <summary>Waits until a stopped server is seen to stay so, before its files are changed under it.</summary>
    Task StaysDownAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops the server in an orderly way, for its files to be changed under it.</summary>
    async Task StopForGoodAsync(CancellationToken cancellationToken)
    {
        await StopAsync(ShutdownMode.Fast, cancellationToken);
        await StaysDownAsync(cancellationToken);
    }
}
