namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>What starts and stops a database server: pg_ctl, a systemd unit, Patroni.</summary>
public interface IDatabaseHost
{
    /// <summary>Whether the server's process runs.</summary>
    bool IsRunning { get; }

    /// <summary>Starts the server and waits until it answers; "already running" is success.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the server and waits until its process is gone; "already stopped" is success.</summary>
    Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken);
}
