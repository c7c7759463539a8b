using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>One server and how its agent and its followers reach it.</summary>
public sealed record NodeAgentOptions
{
    /// <summary>The member's name: its <c>application_name</c> towards a primary.</summary>
    public required string Member { get; init; }

    /// <summary>The server.</summary>
    public required PostgresInstance Instance { get; init; }

    /// <summary>How the agent connects as a superuser, without a pool: a restarted server must not meet old connections.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The role standbys stream with; it may read files for <c>pg_rewind</c>.</summary>
    public required string ReplicationUser { get; init; }

    /// <summary>The file that holds the password of <see cref="ReplicationUser"/>; null: the server trusts the connection.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>What ends the server when its agent is gone while it holds a lease; null: nothing.</summary>
    public ServerGuard? Guard { get; init; }

    /// <summary>How long one order waits for the server to do what it was told.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
