using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Restores.Unified;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Restores.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;
using Machine = DrMesh.Core.Restores.Unified.UnifiedRestoreMachine;

namespace DrMesh.Core.Tests.Restores.Unified;

public sealed class UnifiedRestoreMachineTests
{
    [Fact]
    public void Machine_Table_IsSoundAndAsRecorded() => RecordedRules.ShouldBeSoundAndAsRecorded(Machine.Machine, "UnifiedRestore.rules.txt");

    [Fact]
    public void Decide_OnePartFails_RestoredServersAreStopped()
    {
        var session = Checked(Plan());
        session.Done(Machine.RestorePart, "PostgreSql/orders");
        session.End(Machine.RestorePart, StepResult.Refused("an object is damaged"), "Files/uploads");

        session.Done(Machine.StopPart, "PostgreSql/orders");

        session.State.Status.ShouldBe(SessionStatus.Failed);
        session.State.Outcome.ShouldNotBeNull().ShouldContain("RestorePart Files/uploads: an object is damaged");
    }

    [Fact]
    public void Decide_MarkerMissingInOnePart_IsNoRestore()
    {
        var session = Checked(Plan());
        session.Done(Machine.RestorePart, "PostgreSql/orders").Done(Machine.RestorePart, "Files/uploads");
        session.Done(Machine.FindMarker, "PostgreSql/orders");
        session.End(Machine.FindMarker, StepResult.Refused("the marker is not in the tree"), "Files/uploads");

        session.Done(Machine.StopPart, "PostgreSql/orders");

        session.State.Status.ShouldBe(SessionStatus.Failed);
    }

    [Fact]
    public void Decide_SomethingInTheWay_EndsBeforeAnythingIsWritten()
    {
        var session = new MachineDriver<UnifiedRestorePlan>(Machine.Machine, Plan()).Begin();
        session.Done(Machine.CheckPlace, "PostgreSql/orders");

        session.End(Machine.CheckPlace, StepResult.Refused("directory /srv is not empty"), "Files/uploads");

        session.State.Status.ShouldBe(SessionStatus.Failed);
        session.State.Outcome.ShouldBe("Files/uploads: directory /srv is not empty; nothing was written");
        session.State.Steps.ShouldNotContain(step => step.Step == Machine.RestorePart);
    }

    [Fact]
    public void Decide_Turns_EachBeginsWhenTheOneBeforeIsThrough()
    {
        var session = Checked(Plan() with { Turns = [["Files/uploads"], ["PostgreSql/orders"]] });

        session.Running.ShouldHaveSingleItem().Key.Target.ShouldBe("Files/uploads");
        session.Done(Machine.RestorePart, "Files/uploads");
        session.Running.ShouldHaveSingleItem().Key.Target.ShouldBe("PostgreSql/orders");
        session.Done(Machine.RestorePart, "PostgreSql/orders");

        session.State.Phase.Value.ShouldBe("Validating");
    }

    [Fact]
    public void Decide_FirstTurnFails_TheSecondIsNeverBegun()
    {
        var session = Checked(Plan() with { Turns = [["Files/uploads"], ["PostgreSql/orders"]] });

        session.End(Machine.RestorePart, StepResult.Refused("an object is damaged"), "Files/uploads");

        session.State.Phase.Value.ShouldBe("RollingBack");
        session.State.Steps.ShouldNotContain(step => step.Step == Machine.RestorePart && step.Target == "PostgreSql/orders");
    }

    private static MachineDriver<UnifiedRestorePlan> Checked(UnifiedRestorePlan plan) =>
        new MachineDriver<UnifiedRestorePlan>(Machine.Machine, plan).Begin().Done(Machine.CheckPlace, "PostgreSql/orders").Done(Machine.CheckPlace, "Files/uploads");

    private static UnifiedRestorePlan Plan() => new()
    {
        Application = "shop", Backup = new BackupId("unified-1"), Point = "unified-1-1", Parts = [Part(PartKind.PostgreSql, "orders"), Part(PartKind.Files, "uploads")],
    };

    private static PartRestore Part(PartKind kind, string name) => new()
    {
        From = new UnifiedBackupPart { Kind = kind, Name = name, Backup = new BackupId($"unified-1.{name}"), Repositories = ["hot"], Point = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty },
        To = new RestorePartTarget { Kind = kind, Name = name },
        Parallelism = 1,
    };
}
