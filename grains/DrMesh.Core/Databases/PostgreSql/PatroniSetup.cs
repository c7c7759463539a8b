using System.Collections.Immutable;
using System.Globalization;

namespace DrMesh.Core.Databases.PostgreSql;

/// <summary>
/// How Patroni must be set up beside a server that DrMesh fences, promotes and repoints. Paused, it starts, stops, promotes and demotes nothing by itself; but it still lets a standby follow the leader of its
/// cluster, so that a promise would last until its next look at a cluster with another member. Hence each server has a Patroni cluster of its own. Source: Patroni's manual, "Pause/Resume mode", and its
/// <c>ha.py</c>.
/// </summary>
public static class PatroniSetup
{
    // Patroni tells the moment to a second or better; both come from one machine's clock.
    private static readonly TimeSpan SameStart = TimeSpan.FromSeconds(5);

    /// <summary>Settings of its cluster that have a paused Patroni follow, start, rewind or remove what it should leave alone, or name whom commits wait for.</summary>
    public static ImmutableArray<string> Forbidden { get; } =
    [
        "standby_cluster", "synchronous_mode", "postgresql.use_pg_rewind", "postgresql.remove_data_directory_on_rewind_failure", "postgresql.remove_data_directory_on_diverged_timelines",
    ];

    /// <summary>What is wrong with the set-up, one sentence with the next step; null: nothing. The gravest first.</summary>
    /// <param name="facts">What Patroni says.</param>
    /// <param name="port">The port of the server it is to speak for.</param>
    /// <param name="startedAt">When that server was started; null: it does not run.</param>
    public static string? Objection(PatroniFacts facts, int port, DateTimeOffset? startedAt)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Members is not [_])
        {
            return $"its Patroni cluster {facts.Scope} has {(facts.Members.IsEmpty ? "no member yet" : $"the members {string.Join(", ", facts.Members)}")}, and Patroni lets members follow their leader whatever they promised;"
                + " give each server a scope of its own";
        }

        if ((facts.Port is { } other && other != port) || (facts.ServerStartedAt is { } its && (startedAt is not { } own || (its - own).Duration() > SameStart)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the Patroni of {facts.Scope} speaks for another server than the one on port {port}; correct patroniUrl in the estate");
        }

        if (!facts.HasSettings)
        {
            return $"the store of its Patroni has no settings of {facts.Scope} yet, so nobody sees what it goes by; write {{\"pause\": true}} to /service/{facts.Scope}/config there (etcdctl)";
        }

        if (!facts.IsPaused)
        {
            return $"its Patroni is not in maintenance mode and would start and promote servers by itself; patronictl pause {facts.Scope}";
        }

        if (!facts.NeverPromotes)
        {
            return $"its Patroni would promote by itself if somebody resumed it; set tags: nofailover: true in its configuration file, then patronictl reload {facts.Scope}";
        }

        return facts.Meddling.IsEmpty
            ? null
            : $"{string.Join(" and ", facts.Meddling)} of {facts.Scope} would have Patroni change what DrMesh left; patronictl edit-config {facts.Scope} {string.Join(' ', facts.Meddling.Select(Off))}";
    }

    private static string Off(string setting) => $"-s {setting}={(setting == "standby_cluster" ? "null" : "false")}";
}
