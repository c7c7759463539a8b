using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>The data directory of a server of this machine.</summary>
internal static class DataDirectory
{
    private const int ReadAttempts = 50;

    /// <summary>
    /// Names the very directory (machine, path, inode), after checking that it is the server's own: the connection might lead to another machine with the same paths.
    /// </summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.PostgresUnfit"/>: it cannot be read here, or is another server's.</exception>
    public static string Identify(ServerFacts server)
    {
        var directory = server.DataDirectory;
        try
        {
            using var control = File.OpenHandle(Path.Combine(directory, "global", "pg_control"));
            Span<byte> head = stackalloc byte[8];
            RandomAccess.Read(control, head, 0);
            var systemId = BitConverter.ToUInt64(head);
            if (systemId != server.SystemId)
            {
                throw new DrMeshException(
                    DrMeshError.PostgresUnfit,
                    string.Create(CultureInfo.InvariantCulture, $"{directory} on {Environment.MachineName} has system identifier {systemId}, the server's is {server.SystemId}"),
                    "the server runs on another machine; back it up there, or over its connection");
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.PostgresUnfit,
                $"the server's data directory {directory} cannot be read on {Environment.MachineName}: {unreadable.Message}",
                "run beside the server as its user (or root), or back it up over its connection",
                unreadable);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{directory}:{FileStat.TryGet(directory, followLink: true)!.Value.Inode}");
    }

    /// <summary>Reads <c>global/pg_control</c> while the server may be writing it: until two readings agree.</summary>
    public static async Task<byte[]> ReadControlFileAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataDirectory, "global", "pg_control");
        var before = await File.ReadAllBytesAsync(path, cancellationToken);
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
        {
            var now = await File.ReadAllBytesAsync(path, cancellationToken);
            if (now.AsSpan().SequenceEqual(before))
            {
                return now;
            }

            before = now;
        }

        throw new DrMeshException(DrMeshError.PostgresUnfit, $"{path} changed at each of {ReadAttempts} readings", "see what writes it; start again");
    }
}
