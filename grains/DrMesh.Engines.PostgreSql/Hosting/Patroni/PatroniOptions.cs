using DrMesh.Contracts.Estate;

namespace DrMesh.Engines.PostgreSql.Hosting.Patroni;

/// <summary>How the REST API of a server's Patroni is reached.</summary>
public sealed record PatroniOptions
{
    /// <summary>Its address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The port of the server it drives.</summary>
    public required int ServerPort { get; init; }

    /// <summary>The user of its calls that change something; null: it asks for none. The password is read from its file at each call.</summary>
    public DatabaseUser? User { get; init; }

    /// <summary>The certificates of trusted authorities, where the address is https; null: the machine's own.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>How long a question may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a start may take, and how long Patroni may leave its store unread.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
