using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.Unified;
using DrMesh.Engines.MongoDb.Points;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.MongoDb;

/// <summary>How a program gets the engine of MongoDB.</summary>
public static class MongoHosting
{
    /// <summary>Adds <see cref="IMongoEngine"/> and <see cref="IMongoPoints"/>. It has no options: what it does is in each request.</summary>
    public static IServiceCollection AddMongoEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMongoEngine>(provider =>
            new MongoEngine(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MongoEngine>>()));
        services.TryAddSingleton<IMongoPoints, MongoPoints>();
        return services;
    }
}
