using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Databases.PostgreSql;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>From a server of the estate to a connection string. Passwords are read from their files at each use, so that a changed one counts at once.</summary>
internal static class PostgresConnection
{
    private const int TimeoutSeconds = 5;

    /// <summary>As the role that looks and backs up.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: the password file cannot be read.</exception>
    public static string ForControl(PostgresServer server) => Build(server, server.ControlUser);

    /// <summary>As the role that replicates.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: the password file cannot be read.</exception>
    public static string ForReplication(PostgresServer server) => Build(server, server.ReplicationUser);

    private static string Build(PostgresServer server, DatabaseUser user) => new NpgsqlConnectionStringBuilder
    {
        Host = server.Host,
        Port = server.Port,
        Database = server.Database,
        Username = user.Name,
        Password = user.PasswordFile is { } file ? Read(file, server) : null,
        SslMode = server.Tls switch
        {
            TlsMode.Disable => SslMode.Disable,
            TlsMode.VerifyCa => SslMode.VerifyCA,
            TlsMode.VerifyFull => SslMode.VerifyFull,
            _ => SslMode.Require,
        },
        RootCertificate = server.TlsAuthorityFile,
        // Looking for a Kerberos ticket asks DNS for the server's name, at each connect: with a silent resolver a healthy primary would not answer in time, for every region.
        GssEncryptionMode = GssEncryptionMode.Disable,
        ApplicationName = "drmesh",
        Pooling = false,
        Timeout = TimeoutSeconds,
        // Between kills and partitions a connection must not hang for the system's two hours.
        KeepAlive = TimeoutSeconds,
    }.ConnectionString;

    private static string Read(string file, PostgresServer server)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid,
                $"the password file of {server.Node} cannot be read: {unreadable.Message}",
                $"put the password into {file} on this machine, readable by the silo's user",
                unreadable);
        }
    }
}
