using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Tests.Recovery;

public sealed class DrSessionTableTests
{
    [Fact]
    public void Table_IsSound() => MachineChecks.Problems(DrSession.Machine).ShouldBeEmpty();

    /// <summary>The table as reviewed. On a change of it, copy the dump the failure prints over the file and read the difference.</summary>
    [Fact]
    public void Table_IsTheReviewedOne()
    {
        var reviewed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recovery", "DrSession.rules.txt"));

        MachineDump.Write(DrSession.Machine).ShouldBe(reviewed, customMessage: $"\n{MachineDump.Write(DrSession.Machine)}");
    }
}
