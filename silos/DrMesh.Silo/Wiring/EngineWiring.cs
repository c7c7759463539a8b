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
        services.AddDrMeshBackups();
        services.AddDrMeshRestores();
        services.AddDrMeshDatabases();
        services.AddDrMeshRecovery();
    }
}
