using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace DrMesh.Core.Databases.PostgreSql;

/// <summary>What a Patroni says of itself, of its cluster and of the cluster's settings.</summary>
public sealed record PatroniFacts
{
    /// <summary>The name of its cluster, <c>scope</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>Whether its store has settings of its cluster; else it goes by its own file, which nobody else can look into.</summary>
    public required bool HasSettings { get; init; }

    /// <summary>Whether it goes by maintenance mode (<c>pause</c>), and its store says so as well.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Whether it is tagged <c>nofailover</c>: resumed by mistake, it would promote nothing.</summary>
    public required bool NeverPromotes { get; init; }

    /// <summary>The members of its cluster.</summary>
    public required ImmutableArray<string> Members { get; init; }

    /// <summary>The port of the server of its cluster's only member; null: it was not told.</summary>
    public int? Port { get; init; }

    /// <summary>When the server it speaks for was started; null: that does not run, or does not answer it.</summary>
    public DateTimeOffset? ServerStartedAt { get; init; }

    /// <summary>The settings of its cluster that would have it change what DrMesh left, by their names.</summary>
    public required ImmutableArray<string> Meddling { get; init; }

    /// <summary>Reads the answers of the REST API.</summary>
    /// <param name="status">Of <c>GET /patroni</c>.</param>
    /// <param name="cluster">Of <c>GET /cluster</c>.</param>
    /// <param name="settings">Of <c>GET /config</c>; null: the store has none.</param>
    /// <exception cref="JsonException">They are not Patroni's.</exception>
    public static PatroniFacts Read(string status, string cluster, string? settings)
    {
        using var own = JsonDocument.Parse(status);
        using var all = JsonDocument.Parse(cluster);
        using var stored = JsonDocument.Parse(settings ?? "{}");
        var members = Find(all.RootElement, "members") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : throw new JsonException("it names no members");
        return new PatroniFacts
        {
            Scope = Find(own.RootElement, "patroni", "scope")?.GetString() ?? throw new JsonException("it names no scope"),
            HasSettings = settings is not null,
            IsPaused = IsOn(own.RootElement, "pause") && IsOn(all.RootElement, "pause"),
            NeverPromotes = IsOn(own.RootElement, "tags", "nofailover"),
            Members = [.. members.Select(member => Find(member, "name")?.GetString() ?? "?")],
            Port = members is [var only] && Find(only, "port") is { ValueKind: JsonValueKind.Number } port ? port.GetInt32() : null,
            ServerStartedAt = Find(own.RootElement, "postmaster_start_time") is { ValueKind: JsonValueKind.String } at
                && DateTimeOffset.TryParse(at.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null,
            Meddling = [.. PatroniSetup.Forbidden.Where(setting => IsOn(stored.RootElement, setting.Split('.')))],
        };
    }

    // A path of keys that ends in something Patroni takes for yes: it reads booleans from words and numbers, too.
    private static bool IsOn(JsonElement root, params string[] path) => Find(root, path) switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined } => false,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble() != 0,
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim().ToUpperInvariant() is not ("" or "0" or "OFF" or "NO" or "FALSE" or "F" or "N"),
        { ValueKind: JsonValueKind.Object } entry => entry.EnumerateObject().Any(),
        _ => true,
    };

    private static JsonElement? Find(JsonElement root, params string[] path)
    {
        JsonElement? at = root;
        foreach (var key in path)
        {
            at = at is { ValueKind: JsonValueKind.Object } entry && entry.TryGetProperty(key, out var value) ? value : null;
        }

        return at;
    }
}
