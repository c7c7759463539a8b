namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>How <c>pg_ctl stop</c> ends a server; see the manual's "Shutting Down the Server".</summary>
public enum ShutdownMode
{
    /// <summary>Waits for the clients to leave.</summary>
    Smart,

    /// <summary>Ends the clients' sessions, writes a shutdown checkpoint.</summary>
    Fast,

    /// <summary>Leaves at once; the next start recovers from WAL.</summary>
    Immediate,
}
