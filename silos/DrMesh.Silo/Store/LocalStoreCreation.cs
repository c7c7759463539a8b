using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;
using DrMesh.Silo.Mesh;
using Npgsql;

namespace DrMesh.Silo.Store;

/// <summary>
/// Makes the local store. The connection file is written last: until then there is no store, and the next try begins anew.
/// </summary>
internal static class LocalStoreCreation
{
    private const string Role = "drmesh";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    // sun_path of a Linux socket address has 108 bytes with its closing zero; the name is ".s.PGSQL.65535".
    private const int LongestSocketFolder = 107 - 15;

    public static async Task CreateAsync(LocalStorePaths paths, PostgresInstance instance, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(paths.Socket) > LongestSocketFolder)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid,
                $"the socket folder {paths.Socket} is longer than a socket's name may be ({LongestSocketFolder} bytes)",
                "set DRMESH_STATE to a shorter path");
        }

        // What an interrupted try left: its server may still run.
        await instance.StopAsync(ShutdownMode.Immediate, TimeSpan.FromSeconds(30), cancellationToken);
        if (Directory.Exists(paths.Folder))
        {
            Directory.Delete(paths.Folder, recursive: true);
        }

        await CreateFolderAsync(paths.Folder, instance.Install.User, cancellationToken);
        await CreateFolderAsync(paths.Socket, instance.Install.User, cancellationToken);
        var port = LoopbackPorts.Free(1)[0];
        var password = RandomNumberGenerator.GetHexString(64, lowercase: true);
        // Nobody knows the superuser's password: it is reached through the socket, by whoever may enter its folder.
        await instance.InitializeAsync("postgres", RandomNumberGenerator.GetHexString(64), Settings(paths, port), cancellationToken);
        await instance.StartAsync(TimeSpan.FromSeconds(60), cancellationToken);
        await CreateDatabaseAsync(paths, port, password, cancellationToken);
        await WritePrivateAsync(paths.PasswordFile, $"127.0.0.1:{port}:*:{Role}:{password}\n", cancellationToken);
        await File.WriteAllTextAsync(
            paths.Connection,
            $"Host=127.0.0.1;Port={port};Database={Role};Username={Role};Passfile={paths.PasswordFile}\n",
            cancellationToken);
    }

    private static Dictionary<string, string> Settings(LocalStorePaths paths, int port) => new()
    {
        ["listen_addresses"] = "127.0.0.1",
        ["port"] = port.ToString(CultureInfo.InvariantCulture),
        ["unix_socket_directories"] = paths.Socket,
        ["max_connections"] = "200",
        ["shared_buffers"] = "64MB",
        ["log_line_prefix"] = "%m [%p] %u@%d ",
    };

    private static async Task CreateDatabaseAsync(LocalStorePaths paths, int port, string password, CancellationToken cancellationToken)
    {
        var socket = new NpgsqlConnectionStringBuilder { Host = paths.Socket, Port = port, Username = "postgres", Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(socket.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        string[] statements = [$"create role {Role} login password '{password}'", $"create database {Role} owner {Role}"];
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task CreateFolderAsync(string path, string owner, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, OwnerOnlyFolder);
        if (Environment.IsPrivilegedProcess)
        {
            var result = await ToolProcess.RunAsync(new ToolCommand { Program = "chown", Arguments = [$"{owner}:", path] }, cancellationToken);
            result.EnsureSuccess($"the control store's server runs as {owner}, who must exist");
        }
    }

    private static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        await using var file = new FileStream(
            path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
