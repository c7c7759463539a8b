using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;
using Machine = DrMesh.Core.Backups.Unified.UnifiedBackupMachine;

namespace DrMesh.Core.Tests.Backups.Unified;

public sealed class UnifiedChecksTests
{
    [Fact]
    public void Problems_PartsThatFit_AreNone() => UnifiedChecks.Problems(State()).ShouldBeEmpty();

    [Fact]
    public void Problems_CopyConsistentAfterThePoint_IsFound() =>
        UnifiedChecks.Problems(State(stop: "0/3000000")).ShouldHaveSingleItem().ShouldContain("its copy is consistent at 0/3000000, after the point at 0/2000000");

    [Fact]
    public void Problems_FilesChangedUnderTheFence_IsFound() =>
        UnifiedChecks.Problems(State(unsettled: "2")).ShouldHaveSingleItem().ShouldContain("2 files changed while writes were held");

    [Fact]
    public void Problems_HeldLongerThanTheLimit_IsFound() =>
        UnifiedChecks.Problems(State(held: "5001")).ShouldHaveSingleItem().ShouldContain("writes were held 5001 ms, the limit is 5000 ms");

    [Fact]
    public void Problems_MarkersApart_IsFound() =>
        UnifiedChecks.Problems(State(mode: ConsistencyMode.Marker, window: "1200")).ShouldHaveSingleItem().ShouldContain("the markers are 1200 ms apart");

    [Fact]
    public void Problems_PartWithoutAPoint_IsFound()
    {
        var state = State();
        var point = state.Find(Machine.TakePoint)!;
        var without = point with { Evidence = point.Evidence.RemoveRange(point.Evidence.Keys.Where(key => key.StartsWith("Files/", StringComparison.Ordinal))) };

        UnifiedChecks.Problems(state with { Steps = state.Steps.Replace(point, without) }).ShouldHaveSingleItem().ShouldBe("the point was not taken in Files/uploads");
    }

    private static SessionState<UnifiedBackupPlan> State(
        string stop = "0/1000000", string unsettled = "0", string held = "80", string window = "20", ConsistencyMode mode = ConsistencyMode.Fence)
    {
        var plan = UnifiedBackupMachineTests.Plan() with { Consistency = new ConsistencyDefinition { Mode = mode } };
        var state = Machine.Machine.Create(new SessionId("test-1"), "shop", "a test", "ann", plan, MachineDriver<UnifiedBackupPlan>.Epoch);
        return state with
        {
            Steps =
            [
                Done(Machine.CopyPart, "PostgreSql/orders", ("stopLsn", stop), ("timeline", "1")),
                Done(Machine.CopyPart, "Files/uploads"),
                Done(
                    Machine.TakePoint, "", ("heldMs", held), ("windowMs", window), ("PostgreSql/orders.lsn", "0/2000000"), ("PostgreSql/orders.timeline", "1"), ("Files/uploads.unsettled", unsettled)),
            ],
        };
    }

    private static StepRecord Done(StepName step, string target, params (string Name, string Value)[] evidence) => new()
    {
        Step = step,
        Target = target,
        Phase = new Phase("Any"),
        Visit = 1,
        Status = StepStatus.Done,
        Evidence = evidence.ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal),
    };
}
