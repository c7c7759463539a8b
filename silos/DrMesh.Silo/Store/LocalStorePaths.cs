namespace DrMesh.Silo.Store;

/// <summary>What the local control store keeps in the state folder.</summary>
/// <param name="StateFolder">The state folder, absolute.</param>
internal sealed record LocalStorePaths(string StateFolder)
{
    /// <summary>The store's own folder; it belongs to the server's user.</summary>
    public string Folder => Path.Combine(StateFolder, "store");

    /// <summary>The server's data directory; its log is beside it.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>The directory with the server's socket; who can enter it is trusted as superuser.</summary>
    public string Socket => Path.Combine(Folder, "socket");

    /// <summary>The connection string for silos and consoles; it has no secret in it.</summary>
    public string Connection => Path.Combine(StateFolder, "store.connection");

    /// <summary>The password of the role <c>drmesh</c>, in PostgreSQL's pgpass format, for the owner's eyes only.</summary>
    public string PasswordFile => Path.Combine(StateFolder, "store.pgpass");

    /// <summary>Held while the store is made, started or stopped, so that two commands at once take turns.</summary>
    public string Lock => Path.Combine(StateFolder, "store.lock");
}
