using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace DrMesh.Grains.ControlStore;

/// <summary>Where the control store is and how it is reached.</summary>
public sealed class ControlStoreOptions
{
    /// <summary>The section of a silo's configuration that fills these options.</summary>
    public const string Section = "store";

    /// <summary>
    /// An Npgsql connection string. Several hosts (<c>Host=a:5432,b:5432,c:5432</c>) name the members of a replicated store; its
    /// primary is found among them. A password belongs into a file in pgpass format, named by <c>Passfile</c>.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// <see cref="ConnectionString"/> with DrMesh's defaults for what it leaves open: connects give up after 5 s and statements after
    /// 10 s, so that a host that vanished without a word is left in time.
    /// </summary>
    public string BuildConnectionString()
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        // The Npgsql builder says of every key it knows that it contains it; the plain one says what was given.
        var given = new DbConnectionStringBuilder { ConnectionString = ConnectionString }.Keys.Cast<string>()
            .Select(key => key.Replace(" ", "", StringComparison.Ordinal))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        SetDefault("Timeout", 5);
        SetDefault("Command Timeout", 10);
        // A commit that waits for a standby and is cancelled is reported by PostgreSQL as done, with a warning. A statement that ran out of
        // time must be of unknown outcome instead, so its answer is not waited for: the connection is broken off.
        SetDefault("Cancellation Timeout", -1);
        SetDefault("Keepalive", 5);
        // Looking for a Kerberos ticket asks DNS for the server's name, at each connect: with a silent resolver that alone takes longer than the whole limit.
        SetDefault("GSS Encryption Mode", "Disable");
        SetDefault("Application Name", "drmesh");
        SetDefault("Max Auto Prepare", 50);
        SetDefault("Enlist", false);
        // Npgsql accepts this only where there is a choice of hosts.
        if (builder.Host!.Contains(',', StringComparison.Ordinal))
        {
            SetDefault("Target Session Attributes", "primary");
        }

        return builder.ConnectionString;

        void SetDefault(string key, object value)
        {
            if (!given.Contains(key.Replace(" ", "", StringComparison.Ordinal)))
            {
                builder[key] = value;
            }
        }
    }

    /// <summary><see cref="BuildConnectionString"/> for each host by itself, without what Npgsql allows with several only.</summary>
    public IReadOnlyList<NpgsqlConnectionStringBuilder> BuildHostStrings()
    {
        var whole = new NpgsqlConnectionStringBuilder(BuildConnectionString());
        return [.. whole.Host!.Split(',', StringSplitOptions.TrimEntries).Select(given =>
        {
            var single = new NpgsqlConnectionStringBuilder(whole.ConnectionString);
            single.Remove("Target Session Attributes");
            single.Remove("Host Recheck Seconds");
            single.Remove("Load Balance Hosts");
            var colon = given.StartsWith('/') ? -1 : given.LastIndexOf(':');
            single.Host = colon < 0 ? given : given[..colon];
            if (colon >= 0)
            {
                single.Port = int.Parse(given.AsSpan(colon + 1), CultureInfo.InvariantCulture);
            }

            return single;
        })];
    }

    /// <summary>Hosts and database without anything secret, as messages name the store: <c>a:5432,b:5432/drmesh</c>.</summary>
    public string Describe()
    {
        var given = new NpgsqlConnectionStringBuilder(ConnectionString);
        var hosts = given.Host!.Split(',', StringSplitOptions.TrimEntries)
            .Select(host => host.StartsWith('/') || host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{given.Port}");
        return $"{string.Join(',', hosts)}/{given.Database ?? given.Username}";
    }
}
