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
        var session = new MachineDriver<UnifiedRestorePlan>(Machine.Machine, Plan()).Begin();
        session.Done(Machine.RestorePart, "PostgreSql/orders");
        session.End(Machine.RestorePart, StepResult.Refused("an object is damaged"), "Files/uploads");

        session.Done(Machine.StopPart, "PostgreSql/orders");

        session.State.Status.ShouldBe(SessionStatus.Failed);
        session.State.Outcome.ShouldNotBeNull().ShouldContain("RestorePart Files/uploads: an object is damaged");
    }

    [Fact]
    public void Decide_MarkerMissingInOnePart_IsNoRestore()
    {
        var session = new MachineDriver<UnifiedRestorePlan>(Machine.Machine, Plan()).Begin();
        session.Done(Machine.RestorePart, "PostgreSql/orders").Done(Machine.RestorePart, "Files/uploads");
        session.Done(Machine.FindMarker, "PostgreSql/orders");
        session.End(Machine.FindMarker, StepResult.Refused("the marker is not in the tree"), "Files/uploads");

        session.Done(Machine.StopPart, "PostgreSql/orders");

        session.State.Status.ShouldBe(SessionStatus.Failed);
    }

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
