using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using Npgsql;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>A PostgreSQL server as a command line names it: <c>[REGION[/NODE]=]Host=…;Port=…;Username=…</c>.</summary>
/// <param name="Node">Its node; null: not said.</param>
/// <param name="Connection">How it is connected to.</param>
internal sealed record ServerAddress(NodeId? Node, NpgsqlConnectionStringBuilder Connection)
{
    private const string Expected = "write --server 'eu-west-1=Host=10.1.0.5;Username=drmesh;Passfile=/etc/drmesh/pgpass'";

    /// <summary>What a finding calls it.</summary>
    public string Name => Node?.ToString() ?? $"{Connection.Host}:{Connection.Port}";

    /// <summary>Reads the text of one <c>--server</c>.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>: it is none, or holds a password.</exception>
    public static ServerAddress Parse(string text)
    {
        ConnectionSource.RefusePassword(text);
        var (label, connection) = Split(text);
        NodeId? node = label is null ? null : NodeId.TryParse(label) ?? new NodeId(new RegionId(label), "db1");
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connection);
            builder.Database ??= "postgres";
            return string.IsNullOrEmpty(builder.Host)
                ? throw new DrMeshException(DrMeshError.UsageInvalid, $"\"{text}\" names no host", Expected)
                : new ServerAddress(node, builder);
        }
        catch (ArgumentException wrong)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"\"{text}\" is no server: {wrong.Message}", Expected, wrong);
        }
    }

    // A keyword of a connection string comes before its "=", as a region does; a second "=" before the first ";" tells them apart.
    private static (string? Label, string Connection) Split(string text)
    {
        var first = text.IndexOf('=', StringComparison.Ordinal);
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var second = first < 0 ? -1 : text.IndexOf('=', first + 1);
        return second > 0 && (end < 0 || second < end) ? (text[..first].Trim(), text[(first + 1)..]) : (null, text);
    }
}
