using DrMesh.Engines.Processes;
using DrMesh.TestKit;
using DrMesh.TestKit.Mesh;
using Npgsql;

namespace DrMesh.Scenarios.Console;

/// <summary>One mesh of two regions that all tests of commands run against, with the programs as they are installed.</summary>
public sealed class CommandMesh : IAsyncLifetime
{
    private readonly string _regions;

    /// <summary>A mesh of the regions <c>a</c> and <c>b</c>.</summary>
    public CommandMesh()
        : this("a,b")
    {
    }

    internal CommandMesh(string regions) => _regions = regions;

    /// <summary>An estate of two regions, as a person writes it.</summary>
    public const string Estate =
        """
        regions:
          a:
            nodes:
              node-1: { address: 127.0.0.1 }
          b:
            nodes:
              node-1: { address: 127.0.0.2 }

        """;

    /// <summary>The mesh.</summary>
    public MeshFixture Mesh { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Mesh = await MeshFixture.StartNewAsync(_regions);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Mesh.DisposeAsync();

    /// <summary>Runs a <c>drmesh</c> command as a script does: without a terminal.</summary>
    public Task<ToolResult> RunAsync(params string[] arguments) => Mesh.RunAsync(Programs.Console, arguments);

    /// <summary>Runs a <c>drmesh</c> command in a terminal of its own, in which a person types <paramref name="typed"/>.</summary>
    public Task<ToolResult> TypeAsync(string typed, params string[] arguments) => ToolProcess.RunAsync(
        Mesh.Command(Programs.Console, arguments).InTerminal() with { Input = typed }, Cancellation);

    /// <summary>Writes a file into the state folder.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(Mesh.StateFolder, name);
        await File.WriteAllTextAsync(path, text, Cancellation);
        return path;
    }

    /// <summary>Runs statements on the control store as its superuser, who is reached through the socket alone.</summary>
    public async Task<object?> AsSuperuserAsync(string sql)
    {
        var store = new NpgsqlConnectionStringBuilder(Mesh.StoreConnectionString);
        var superuser = new NpgsqlConnectionStringBuilder
        {
            Host = Path.Combine(Mesh.StateFolder, "store", "socket"), Port = store.Port, Username = "postgres", Database = store.Database, Pooling = false,
        };
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
