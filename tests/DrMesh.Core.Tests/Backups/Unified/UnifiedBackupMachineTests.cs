using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Backups.Unified;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Backups.Unified;
using DrMesh.Core.Sessions;
using DrMesh.Core.Tests.Sessions;
using Machine = DrMesh.Core.Backups.Unified.UnifiedBackupMachine;

namespace DrMesh.Core.Tests.Backups.Unified;

public sealed class UnifiedBackupMachineTests
{
    [Fact]
    public void Machine_Table_IsSoundAndAsRecorded() => RecordedRules.ShouldBeSoundAndAsRecorded(Machine.Machine, "UnifiedBackup.rules.txt");

    [Fact]
    public void Decide_PointFails_ApplicationIsResumedBeforeTheEnd()
    {
        var session = Copied(Plan());
        for (var attempt = 0; attempt < 3; attempt++)
        {
            session.Give(new SessionInput.TimeReached(session.Now += TimeSpan.FromMinutes(1)));
            session.End(Machine.TakePoint, StepResult.Failed("a writer stays open"));
        }

        session.Running.ShouldHaveSingleItem().Key.Step.ShouldBe(Machine.ResumeApplication);
        session.State.IsEnded.ShouldBeFalse();
        session.Done(Machine.ResumeApplication).Done(Machine.UpdateCatalogue);
        session.State.Status.ShouldBe(SessionStatus.Failed);
        session.State.Outcome.ShouldNotBeNull().ShouldContain("a writer stays open");
    }

    [Fact]
    public void Decide_SiloLostWhileWritesWereHeld_PointIsTakenAnewUnderAnotherAttempt()
    {
        var session = Copied(Plan());
        session.Running.Clear();

        session.Give(new SessionInput.Woken(session.Now, "other"));

        var again = session.Running.ShouldHaveSingleItem();
        again.Key.ShouldBe(new StepKey(Machine.TakePoint, "", 0, 2));
        again.InDoubt.ShouldBeTrue();
    }

    [Fact]
    public void Decide_CancelledWhileThePointIsTaken_ResumesThenRemovesWhatItStored()
    {
        var session = Copied(Plan());

        session.Give(new SessionInput.CancelAsked(session.Now, "ann", "too slow"));
        session.End(Machine.TakePoint, StepResult.Stopped("stopped"));
        session.Done(Machine.ResumeApplication);
        session.Done(Machine.RemovePart, "PostgreSql/orders");
        session.Done(Machine.RemovePart, "Files/uploads");
        session.Done(Machine.UpdateCatalogue);

        session.State.Status.ShouldBe(SessionStatus.Cancelled);
    }

    [Theory]
    [InlineData(FailedSession.KeepOthers)]
    [InlineData(FailedSession.RemoveOthers)]
    public void Decide_PartCannotBeCopied_OthersStayOrGoAsThePolicySays(FailedSession policy)
    {
        var session = new MachineDriver<UnifiedBackupPlan>(Machine.Machine, Plan() with { WhenPartFails = policy }).Begin();
        session.Done(Machine.CopyPart, "Files/uploads");

        session.End(Machine.CopyPart, StepResult.Refused("no member answers"), "PostgreSql/orders");

        if (policy == FailedSession.RemoveOthers)
        {
            session.Done(Machine.RemovePart, "PostgreSql/orders");
            session.Done(Machine.RemovePart, "Files/uploads");
        }

        session.Done(Machine.UpdateCatalogue);
        session.State.Status.ShouldBe(SessionStatus.Failed);
        session.State.Outcome.ShouldNotBeNull().ShouldContain("CopyPart PostgreSql/orders: no member answers");
    }

    [Fact]
    public void Decide_ApplicationCannotBeResumed_BackupIsDegradedAndSaysSo()
    {
        var session = Copied(Plan());
        session.End(Machine.TakePoint, StepResult.Done(("point", "test-1-1"), ("heldMs", "80")));
        session.End(Machine.ResumeApplication, StepResult.Refused("HTTP status 500"));
        foreach (var part in new[] { "PostgreSql/orders", "Files/uploads" })
        {
            session.Done(Machine.SealPart, part);
        }

        session.Done(Machine.CrossValidate).Done(Machine.RecordManifest).Done(Machine.ConfirmComplete).Done(Machine.UpdateCatalogue);

        session.State.Status.ShouldBe(SessionStatus.Degraded);
        session.State.Outcome.ShouldNotBeNull().ShouldContain("ResumeApplication (HTTP status 500)");
    }

    internal static UnifiedBackupPlan Plan() => new()
    {
        Application = "shop",
        Backup = new BackupId("test-1"),
        IsFull = false,
        Repositories = ["hot"],
        Consistency = new ConsistencyDefinition { Mode = ConsistencyMode.Fence },
        State = new ApplicationStateHooks { Quiesce = "hold", Resume = "release" },
        WhenPartFails = FailedSession.KeepOthers,
        Parts = [Part(PartKind.PostgreSql, "orders"), Part(PartKind.Files, "uploads")],
    };

    private static UnifiedPart Part(PartKind kind, string name) => new() { Kind = kind, Name = name, Repositories = ["hot"], CompressionLevel = 3, Parallelism = 2 };

    private static MachineDriver<UnifiedBackupPlan> Copied(UnifiedBackupPlan plan)
    {
        var session = new MachineDriver<UnifiedBackupPlan>(Machine.Machine, plan).Begin();
        foreach (var part in plan.Parts)
        {
            session.Done(Machine.CopyPart, part.Target);
        }

        return session;
    }
}
