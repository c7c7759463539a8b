using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate;
using Npgsql;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>A member of an estate's cluster as a server to connect to, as its agent does.</summary>
internal static class DeclaredServer
{
    /// <summary>Its address; the control user's password is read from its file.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: that file cannot be read.</exception>
    public static ServerAddress Address(EstateDocument estate, PostgreSqlCluster cluster, PostgreSqlMember member)
    {
        var server = estate.Server(cluster, member);
        return new ServerAddress(server.Node, new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Database = server.Database,
            Username = server.ControlUser.Name,
            Password = server.ControlUser.PasswordFile is { } file ? Read(file) : null,
            SslMode = server.Tls switch
            {
                TlsMode.Disable => SslMode.Disable,
                TlsMode.VerifyCa => SslMode.VerifyCA,
                TlsMode.VerifyFull => SslMode.VerifyFull,
                _ => SslMode.Require,
            },
            RootCertificate = server.TlsAuthorityFile,
        });
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"a password file of the estate cannot be read: {unreadable.Message}", $"put the password into {file} on this machine: install -m 600 /dev/stdin {file}", unreadable);
        }
    }
}
