using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Recovery.ReplicaSets;
using DrMesh.Engines.MongoDb.Points;
using DrMesh.Engines.MongoDb.ReplicaSet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.MongoDb;

/// <summary>How a program gets the engine of MongoDB.</summary>
public static class MongoHosting
{
    /// <summary>Adds <see cref="IMongoEngine"/>, <see cref="IMongoPoints"/> and <see cref="IReplicaSetControl"/>. It has no options: what it does is in each request.</summary>
    public static IServiceCollection AddMongoEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMongoEngine>(provider =>
            new MongoEngine(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MongoEngine>>()));
        services.TryAddSingleton<IMongoPoints, MongoPoints>();
        services.TryAddSingleton<IReplicaSetControl>(provider => new ReplicaSetControl(provider.GetRequiredService<ILogger<ReplicaSetControl>>()));
        return services;
    }
}
