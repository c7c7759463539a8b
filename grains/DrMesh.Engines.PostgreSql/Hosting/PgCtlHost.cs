namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>A server that <c>pg_ctl</c> starts and stops.</summary>
public sealed class PgCtlHost(PostgresInstance instance) : IDatabaseHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public bool IsRunning => instance.ReadPostmasterPid() is not null;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => IsRunning ? Task.CompletedTask : instance.StartAsync(Patience, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken) => instance.StopAsync(mode, Patience, cancellationToken);
}
