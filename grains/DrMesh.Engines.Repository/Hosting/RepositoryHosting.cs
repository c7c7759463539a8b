using DrMesh.Core.Backups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DrMesh.Engines.Repository.Hosting;

/// <summary>Wiring.</summary>
public static class RepositoryHosting
{
    /// <summary>Adds <see cref="IRepositoryFactory"/>.</summary>
    public static IServiceCollection AddRepositoryEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRepositoryFactory, RepositoryFactory>();
        return services;
    }

    /// <summary>A factory without a container, for programs that only use repositories.</summary>
    public static IRepositoryFactory CreateFactory(TimeProvider time) => new RepositoryFactory(time);
}
