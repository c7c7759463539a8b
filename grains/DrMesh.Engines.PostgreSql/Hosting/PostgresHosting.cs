using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Engines.PostgreSql;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring.</summary>
public static class PostgresHosting
{
    /// <summary>Adds <see cref="IPostgresEngine"/>.</summary>
    public static IServiceCollection AddPostgreSqlEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPostgresEngine, PostgreSqlEngine>();
        return services;
    }
}
