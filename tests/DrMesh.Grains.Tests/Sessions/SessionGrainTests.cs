using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Sessions;
using DrMesh.TestKit;
using DrMesh.TestKit.Crash;

namespace DrMesh.Grains.Tests.Sessions;

/// <summary>What a person meets: begin, watch, approve, cancel, explain.</summary>
public sealed class SessionGrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_FromBeginToExplanation_TellsEverything()
    {
        var world = new RelayWorld();
        await using var kit = await CrashKit.StartAsync(RelayMachine.Create(), () => RelayRunner.All(world));
        var id = new SessionId("relay-1");
        var relay = kit.Grains.GetGrain<IRelayGrain>(id.Value);

        (await Should.ThrowAsync<DrMeshException>(() => relay.Get(Cancellation))).Code.ShouldBe(DrMeshError.SessionUnknown);
        (await relay.Begin(["a"], asksFirst: true)).Outcome.ShouldBe(StartOutcome.Started);
        (await relay.Begin(["a"], asksFirst: true)).Outcome.ShouldBe(StartOutcome.Already);
        var second = await kit.Grains.GetGrain<IRelayGrain>("relay-2").Begin(["a"], asksFirst: false);
        (second.Outcome, second.Session, second.Error).ShouldBe((StartOutcome.Refused, id, (DrMeshError?)DrMeshError.SessionConflict));

        // The watcher stays on while the session waits for a person, and sees the end.
        var watching = WatchAsync(kit, id, after: 0);
        await Eventually.HoldsAsync(
            async () => (await relay.Get(Cancellation)).Approval is not null, TimeSpan.FromSeconds(60), () => "no approval was asked", Cancellation);
        (await relay.Approve("SomethingElse", Cancellation)).Accepted.ShouldBeFalse();
        (await relay.Approve("HandOver", Cancellation)).ShouldBe(ApproveResult.Given(0));
        var seen = await watching;
        var explained = await relay.Explain(Cancellation);

        var kept = seen.Where(happened => happened.Kind != SessionEventKind.StepProgressed).ToArray();
        kept.Select(happened => happened.Sequence).ShouldBe(Enumerable.Range(1, kept.Length).Select(number => (long)number));
        kept[^1].Kind.ShouldBe(SessionEventKind.Ended);
        (await WatchAsync(kit, id, after: kept.Length - 2)).Select(happened => happened.Sequence).ShouldBe([kept.Length - 1L, kept.Length]);
        explained.Transitions.Select(moved => moved.Rule).ShouldBe(["RL110", "RL220", "RL310", "RL400"]);
        explained.Plan.ShouldContain("\"parcels\":[\"a\"]");
        (await kit.Grains.GetGrain<ISessionListGrain>(0).List(new SessionFilter(), Cancellation)).ShouldHaveSingleItem().Status.ShouldBe(SessionStatus.Succeeded);
        (await relay.Cancel("too late", Cancellation)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_WhileAPersonIsAsked_BringsEverythingBack()
    {
        var world = new RelayWorld();
        await using var kit = await CrashKit.StartAsync(RelayMachine.Create(), () => RelayRunner.All(world));
        var id = new SessionId("relay-1");
        var relay = kit.Grains.GetGrain<IRelayGrain>(id.Value);
        await relay.Begin(["a"], asksFirst: true);
        await Eventually.HoldsAsync(
            async () => (await relay.Get(Cancellation)).Approval is not null, TimeSpan.FromSeconds(60), () => "no approval was asked", Cancellation);

        (await relay.Cancel("wrong address", Cancellation)).Accepted.ShouldBeTrue();
        await Eventually.HoldsAsync(
            async () => (await relay.Get(Cancellation)).IsEnded, TimeSpan.FromSeconds(60), () => "the session did not end", Cancellation);

        var ended = await relay.Get(Cancellation);
        ended.Status.ShouldBe(SessionStatus.Cancelled);
        ended.Outcome!.ShouldContain("wrong address");
        world.Describe(id).ShouldContain("PutBack/a done");
    }

    [Theory]
    [InlineData("Running", "session relay-1 was written with schema 9 of relay sessions, this silo reads up to 1")]
    [InlineData("Paused", "a stored StoredSession of schema 9 cannot be read: ")]
    public async Task Activate_StateOfANewerProgram_IsRefusedInOneSentenceAndLeftAsItIs(string status, string expected)
    {
        await using var kit = await CrashKit.StartAsync(RelayMachine.Create(), () => RelayRunner.All(new RelayWorld()));
        var id = new SessionId("relay-1");
        var relay = kit.Grains.GetGrain<IRelayGrain>(id.Value);
        var newer =
            """
            {"session":{"schemaVersion":9,"id":"relay-1","subject":"a","title":"relay of a","startedBy":"ann","startedAt":"2026-11-24T06:00:00+00:00","updatedAt":"2026-11-24T06:00:01+00:00",
            "status":"STATUS","plan":{"parcels":["a"]},"phase":"Flying","visit":1,"steps":[{"step":"Fly","target":"a","phase":"Flying","visit":1,"status":"Intended","attempts":1}]}}
            """.Replace("STATUS", status);
        kit.States.Put("session", relay.GetGrainId(), newer);

        var refused = await Should.ThrowAsync<Exception>(() => relay.Get(Cancellation));
        await Should.ThrowAsync<Exception>(() => relay.Wake(Cancellation));
        await Should.ThrowAsync<Exception>(() => relay.Begin(["a"], asksFirst: false));

        // What cannot be read at all the runtime says in words of its own around ours.
        refused.ToString().ShouldContain(expected);
        kit.States.Text("session", relay.GetGrainId()).ShouldBe(newer);
    }

    [Fact]
    public async Task Wake_ClaimedAndNeverBegun_FreesTheSubject()
    {
        await using var kit = await CrashKit.StartAsync(RelayMachine.Create(), () => RelayRunner.All(new RelayWorld()));
        var entry = new SessionEntry
        {
            Id = new SessionId("relay-1"), Subject = "a", Title = "lost", Status = SessionStatus.Running, Phase = "Waiting", StartedBy = "ann",
            StartedAt = TimeProvider.System.GetUtcNow(),
        };
        await kit.Table.ClaimAsync(entry, "a silo that died", Cancellation);

        await Eventually.HoldsAsync(
            async () => (await kit.Table.ListAsync(new SessionFilter(), Cancellation)).Count == 0, TimeSpan.FromSeconds(60), () => "the claim is still there", Cancellation);

        (await kit.Grains.GetGrain<IRelayGrain>("relay-2").Begin(["a"], asksFirst: true)).Outcome.ShouldBe(StartOutcome.Started);
    }

    private static async Task<List<SessionEvent>> WatchAsync(CrashKit kit, SessionId id, long after)
    {
        var seen = new List<SessionEvent>();
        await foreach (var happened in kit.Grains.GetSession(id).Watch(after, Cancellation))
        {
            seen.Add(happened);
        }

        return seen;
    }
}
