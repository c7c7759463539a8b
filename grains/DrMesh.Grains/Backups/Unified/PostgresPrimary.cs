using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.PostgreSql;
using DrMesh.Core.Databases.PostgreSql;
using DrMesh.Core.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>Finds the member of a cluster that is its primary now, by asking all of them.</summary>
internal sealed class PostgresPrimary(IPostgresEngine engine)
{
    /// <summary>The primary.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.PostgresConnectionLost"/>: none, or more than one, answers as it.</exception>
    public async Task<PostgresServer> FindAsync(EstateDocument estate, ClusterId cluster, CancellationToken cancellationToken)
    {
        var servers = estate.Servers(estate.PostgreSql(cluster));
        var seen = await Task.WhenAll(servers.Select(server => engine.ObserveAsync(server, cancellationToken)));
        var primaries = seen.Where(member => member is { IsReachable: true, IsPrimary: true }).ToArray();
        return primaries.Length == 1 ? servers.First(server => server.Node == primaries[0].Node) : throw new DrMeshException(
            DrMeshError.PostgresConnectionLost,
            primaries.Length == 0 ? $"no member of {cluster} answers as its primary" : $"{primaries.Length} members of {cluster} answer as its primary",
            $"see drmesh status {cluster}");
    }
}
