using DrMesh.Console.Commands.Status;
using DrMesh.Console.Output;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;

namespace DrMesh.Console.Tests;

public sealed class StatusViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 50, 0, TimeSpan.Zero);
    private static readonly Reachability Reachable = new() { IsReachable = true, Since = Now.AddHours(-2) };

    [Fact]
    public void Draw_AllWell_OneLineARegionAndASilo()
    {
        var text = Draw(Report(Reachable));

        text.ShouldBe(
            """
            mesh drmesh   2026-11-24 06:50:00Z   estate version 3   no session running   answered by eu/db1
            control store reachable since 04:50:00Z (2 h 00 min)

            REGION  STATE  SINCE                   SEES              PROBLEM
            eu      up     06:49:00Z (1 min 00 s)  the other region  -
            us      DOWN   06:49:55Z (5.0 s)       -                 no silo

            SILO    STATE   ROLE      ADDRESS         UPTIME      VERSION  CONTROL STORE
            eu/db1  active  standard  127.0.0.1:1111  3 h 00 min  1.2.3    reachable

            CLUSTER  ENGINE      PRIMARY REGION  PRIMARY   EPOCH  LAG    RPO NOW  MEMBERS
            orders   postgresql  us (down)       m2 in eu  7      812 B  0 s      us/db1, eu/db1

            """);
    }

    [Fact]
    public void Draw_ControlStoreLost_SaysSinceWhen()
    {
        var lost = new Reachability { IsReachable = false, Since = Now.AddSeconds(-42), Problem = "connection refused" };

        var text = Draw(Report(lost) with { EstateVersion = null, Missing = ["the estate is not known"] });

        text.ShouldContain("control store unreachable since 06:49:18Z (42 s): connection refused");
        text.ShouldContain("estate not known");
        text.ShouldContain("the estate is not known");
        text.ShouldContain("unreachable since 06:49:18Z (42 s)");
    }

    private static StatusReport Report(Reachability store) => new()
    {
        EstateVersion = 3,
        Sessions = [],
        Missing = [],
        Clusters =
        [
            new ClusterLine
            {
                Cluster = new ClusterId("orders"),
                Engine = "postgresql",
                PrimaryRegion = new RegionId("us"),
                Members = [new NodeId(new RegionId("us"), "db1"), new NodeId(new RegionId("eu"), "db1")],
                Now = new ClusterStatus
                {
                    Cluster = new ClusterId("orders"),
                    At = Now,
                    Epoch = 7,
                    Primary = "m2",
                    PrimaryRegion = new RegionId("eu"),
                    Durability = new DurabilityDefinition(),
                    Acknowledging = [],
                    Members = [new MemberView { Name = "m1", Node = new NodeId(new RegionId("us"), "db1"), LagBytes = 812 }],
                    RpoNow = TimeSpan.Zero,
                    LossNowBytes = 0,
                    Findings = [],
                },
            },
        ],
        Mesh = new MeshOverview
        {
            ClusterId = "drmesh",
            At = Now,
            AnsweredBy = new NodeId(new RegionId("eu"), "db1"),
            ControlStore = store,
            Regions =
            [
                new RegionOverview
                {
                    Region = new RegionId("eu"),
                    State = RegionState.Up,
                    Since = Now.AddMinutes(-1),
                    Sees = [new RegionSighting { Region = new RegionId("us"), Reachability = Reachable }],
                    Silos =
                    [
                        new SiloHealth
                        {
                            Node = new NodeId(new RegionId("eu"), "db1"),
                            Address = "127.0.0.1:1111",
                            State = SiloState.Active,
                            StartedAt = Now.AddHours(-3),
                            Uptime = TimeSpan.FromHours(3),
                            Role = "standard",
                            Version = "1.2.3",
                            ControlStore = store,
                        },
                    ],
                },
                new RegionOverview { Region = new RegionId("us"), State = RegionState.Down, Since = Now.AddSeconds(-5), Problem = "no silo", Sees = [], Silos = [] },
            ],
        },
    };

    private static string Draw(StatusReport report)
    {
        using var output = new StringWriter();
        new Terminal(output, TextWriter.Null, TextReader.Null, isInteractive: false).Console.Write(StatusView.Draw(report));
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
    }
}
