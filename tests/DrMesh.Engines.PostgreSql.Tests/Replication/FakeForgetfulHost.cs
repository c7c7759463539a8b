using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Engines.PostgreSql.Tests.Replication;

/// <summary>A fake of a host that clears <c>postgresql.auto.conf</c> at times, as Patroni does, and else is <c>pg_ctl</c>.</summary>
internal sealed class FakeForgetfulHost(PostgresInstance instance) : IDatabaseHost
{
    private readonly PgCtlHost _real = new(instance);

    public bool IsRunning => _real.IsRunning;

    public bool KeepsRecoverySettings => false;

    public Task StartAsync(CancellationToken cancellationToken) => _real.StartAsync(cancellationToken);

    public Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken) => _real.StopAsync(mode, cancellationToken);
}
