using DrMesh.Core.Restores.Sessions;
using DrMesh.Core.Tests.Sessions;

namespace DrMesh.Core.Tests.Restores.Sessions;

public sealed class RestoreMachineTests
{
    [Fact]
    public void Machine_Table_IsSoundAndAsRecorded() => RecordedRules.ShouldBeSoundAndAsRecorded(RestoreMachine.Machine, "RestoreSession.rules.txt");
}
