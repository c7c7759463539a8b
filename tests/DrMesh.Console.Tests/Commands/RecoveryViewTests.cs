using DrMesh.Console.Commands.Recovery;
using DrMesh.Console.Output;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;

namespace DrMesh.Console.Tests.Commands;

/// <summary>What a person sees before a session begins.</summary>
public sealed class RecoveryViewTests
{
    [Fact]
    public void Draw_AReplicaSetWithoutItsMajority_ShowsMembersVotesWhatIsBehindAndWhatIsAsked()
    {
        using var output = new StringWriter();

        new Terminal(output, TextWriter.Null, TextReader.Null, isInteractive: false).Console.Write(RecoveryView.Draw(
        [
            new RecoveryPreview
            {
                Application = "shop",
                Kind = RecoveryKind.Failover,
                Strategy = FailoverStrategy.Manual,
                Approvals = ["carts has lost its majority"],
                Sets =
                [
                    new SetPreview
                    {
                        Cluster = new ClusterId("carts"), OldPrimary = "east", Candidate = "west", Way = "Force", Reason = "1 of 3 voting members answer, 2 are needed",
                        Members =
                        [
                            new SetMemberPreview { Name = "east", Region = new RegionId("eu"), State = "Down", Votes = 1, Priority = 2 },
                            new SetMemberPreview { Name = "west", Region = new RegionId("us"), State = "Secondary", Votes = 1, Priority = 1, Position = "70:3@4", BehindSeconds = 0 },
                        ],
                    },
                ],
            },
        ]));

        var text = output.ToString();
        text.ShouldContain("needs approval: carts has lost its majority");
        text.ShouldContain("carts: east to west, Force: 1 of 3 voting members answer, 2 are needed");
        text.ShouldMatch(@"west\s+us\s+Secondary\s+1\s+1\s+70:3@4\s+0 s");
        text.ShouldMatch(@"east\s+eu\s+Down\s+1\s+2\s+-\s+-");
    }
}
