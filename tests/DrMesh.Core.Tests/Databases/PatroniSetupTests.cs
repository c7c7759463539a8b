using System.Text.Json;
using CsCheck;
using DrMesh.Core.Databases.PostgreSql;

namespace DrMesh.Core.Tests.Databases;

/// <summary>The set-up of Patroni that DrMesh's orders last under, by the answers of a real Patroni 3.0.2.</summary>
public sealed class PatroniSetupTests
{
    private const string Status =
        """
        {"state": "running", "postmaster_start_time": "2026-11-28 10:16:24.075820+00:00", "role": "master", "server_version": 150020, "xlog": {"location": 50331648}, "timeline": 1,
        "dcs_last_seen": 1795860995, "tags": {"nofailover": true}, "database_system_identifier": "7713164175235737094", "patroni": {"version": "3.0.2", "scope": "acc-a"}, "pause": true}
        """;

    private const string Cluster =
        """
        {"members": [{"name": "a", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:58001/patroni", "host": "127.0.0.1", "port": 55001, "timeline": 1,
        "tags": {"nofailover": true}}], "pause": true}
        """;

    private const string Settings =
        """{"pause": true, "ttl": 20, "loop_wait": 1, "retry_timeout": 3, "standby_cluster": null, "synchronous_mode": false, "postgresql": {"use_pg_rewind": "off", "parameters": {"wal_keep_size": "256MB"}}}""";

    private static readonly DateTimeOffset Started = new(2026, 11, 28, 10, 16, 24, TimeSpan.Zero);

    [Fact]
    public void Objection_AsAskedFor_NoneWhetherItsServerRunsOrNot()
    {
        Objection().ShouldBeNull();
        At(null, """{"state": "stopped", "role": "replica", "tags": {"nofailover": true}, "patroni": {"scope": "acc-a"}, "pause": true}""").ShouldBeNull();
        At(Started.AddSeconds(-1)).ShouldBeNull("the two are read in different ways");
    }

    [Fact]
    public void Objection_EachSlip_IsNamedWithItsNextStep()
    {
        Objection(cluster: Cluster.Replace("]", """, {"name": "b"}]""", StringComparison.Ordinal))!.ShouldContain("has the members a, b, and Patroni lets members follow their leader whatever they promised; give each server a scope");
        Objection(cluster: """{"members": [], "pause": true}""")!.ShouldContain("has no member yet");
        Objection(cluster: Cluster.Replace("55001", "5432", StringComparison.Ordinal))!.ShouldContain("another server than the one on port 55001; correct patroniUrl");
        At(null)!.ShouldContain("speaks for another server");
        At(Started.AddMinutes(1))!.ShouldContain("speaks for another server");
        Objection(settings: null)!.ShouldContain("""write {"pause": true} to /service/acc-a/config""");
        Objection(status: Status.Replace(", \"pause\": true", "", StringComparison.Ordinal))!.ShouldContain("not in maintenance mode and would start and promote servers by itself; patronictl pause acc-a");
        Objection(cluster: Cluster.Replace(", \"pause\": true", ", \"pause\": false", StringComparison.Ordinal))!.ShouldContain("not in maintenance mode");
        Objection(status: Status.Replace("\"nofailover\": true", "\"nofailover\": false", StringComparison.Ordinal))!.ShouldContain("set tags: nofailover: true");
        Objection(settings: """{"pause": true, "standby_cluster": {"host": "10.1.0.11"}, "postgresql": {"use_pg_rewind": "on"}}""")!
            .ShouldBe("standby_cluster and postgresql.use_pg_rewind of acc-a would have Patroni change what DrMesh left; patronictl edit-config acc-a -s standby_cluster=null -s postgresql.use_pg_rewind=false");
        Objection(settings: """{"pause": true, "synchronous_mode": "quorum"}""")!.ShouldContain("synchronous_mode of acc-a");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"patroni": 3}""")]
    public void Read_SomethingElse_IsNotTakenForPatronis(string answer)
    {
        Should.Throw<JsonException>(() => PatroniFacts.Read(answer, Cluster, Settings));
        Should.Throw<JsonException>(() => PatroniFacts.Read(Status, answer, Settings));
    }

    /// <summary>Nothing that would undo an order is let pass, in whatever company.</summary>
    [Fact]
    public void Objection_AnyFacts_NoneOnlyWhereEveryConditionHolds() => Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Bool, Gen.Int[-20, 20], Gen.Int[0, 31]).Sample((settings, paused, never, members, port, seconds, meddling) =>
    {
        var facts = new PatroniFacts
        {
            Scope = "s", HasSettings = settings, IsPaused = paused, NeverPromotes = never, Members = [.. Enumerable.Range(0, members).Select(number => $"m{number}")], Port = port ? 5432 : 5433,
            ServerStartedAt = Started.AddSeconds(seconds), Meddling = [.. PatroniSetup.Forbidden.Where((_, bit) => (meddling >> bit & 1) == 1)],
        };

        (PatroniSetup.Objection(facts, 5432, Started) is null).ShouldBe(settings && paused && never && members == 1 && port && Math.Abs(seconds) <= 5 && meddling == 0);
    });

    [Fact]
    public void Read_EachForbiddenSettingTurnedOn_IsSeen()
    {
        foreach (var setting in PatroniSetup.Forbidden)
        {
            foreach (var on in new[] { "true", "\"yes\"", "1", "{\"host\": \"x\"}" })
            {
                var text = setting.Split('.').Reverse().Aggregate(on, (inner, key) => $"{{\"{key}\": {inner}}}");
                PatroniFacts.Read(Status, Cluster, text).Meddling.ShouldBe([setting], text);
            }

            foreach (var off in new[] { "false", "\"off\"", "0", "null", "{}" })
            {
                var text = setting.Split('.').Reverse().Aggregate(off, (inner, key) => $"{{\"{key}\": {inner}}}");
                PatroniFacts.Read(Status, Cluster, text).Meddling.ShouldBeEmpty(text);
            }
        }
    }

    private static string? Objection(string status = Status, string cluster = Cluster, string? settings = Settings) => At(Started, status, cluster, settings);

    private static string? At(DateTimeOffset? started, string status = Status, string cluster = Cluster, string? settings = Settings) =>
        PatroniSetup.Objection(PatroniFacts.Read(status, cluster, settings), 55001, started);
}
