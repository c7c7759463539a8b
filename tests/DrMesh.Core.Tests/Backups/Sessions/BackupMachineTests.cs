using DrMesh.Core.Backups.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Backups.Sessions;

public sealed class BackupMachineTests
{
    [Fact]
    public void Machine_Table_IsSoundAndAsRecorded() => RecordedRules.ShouldBeSoundAndAsRecorded(BackupMachine.Machine, "BackupSession.rules.txt");
}
