using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Recovery;
using DrMesh.Engines.PostgreSql;
using DrMesh.Engines.PostgreSql.Points;
using DrMesh.Engines.PostgreSql.Replication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring.</summary>
public static class PostgresHosting
{
    /// <summary>Adds <see cref="IPostgresEngine"/>, <see cref="IPostgresPoints"/>, the agents beside servers, and the probes of primaries.</summary>
    public static IServiceCollection AddPostgreSqlEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPostgresEngine, PostgreSqlEngine>();
        services.TryAddSingleton<INodeAgentFactory, PostgresNodeAgentFactory>();
        services.TryAddSingleton<IPrimaryProbeFactory, PostgresPrimaryProbeFactory>();
        services.TryAddSingleton<IPostgresPoints, PostgresPoints>();
        return services;
    }
}
