using DrMesh.Core.Databases.PostgreSql;

namespace DrMesh.Core.Recovery;

/// <summary>Asks a primary whether it answers queries, over one kept connection. One question at a time.</summary>
public interface IPrimaryProbe : IAsyncDisposable
{
    /// <summary>Asks once. Null: it answered as a primary. Else why not, in one sentence.</summary>
    /// <param name="limit">How long one question may take, with connecting.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<string?> AskAsync(TimeSpan limit, CancellationToken cancellationToken);
}

/// <summary>Makes probes.</summary>
public interface IPrimaryProbeFactory
{
    /// <summary>A probe of one server; it connects when first asked.</summary>
    IPrimaryProbe Create(PostgresServer server);
}
