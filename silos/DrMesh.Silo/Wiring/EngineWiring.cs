using DrMesh.Engines.Files;
using DrMesh.Engines.MongoDb;
using DrMesh.Engines.Repository.Hosting;

namespace DrMesh.Silo.Wiring;

/// <summary>The engines, and the sessions that use them.</summary>
internal static class EngineWiring
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddRepositoryEngine();
        services.AddPostgreSqlEngine();
        services.AddMongoEngine();
        services.AddFileTreeEngine();
        services.AddDrMeshBackups();
        services.AddDrMeshRestores();
        services.AddDrMeshUnifiedBackups();
        services.AddDrMeshUnifiedRestores();
        services.AddDrMeshDatabases();
        services.AddDrMeshRecovery();
    }
}
