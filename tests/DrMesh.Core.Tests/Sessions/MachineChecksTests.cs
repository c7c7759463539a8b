using System.Collections.Immutable;
using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using DrMesh.TestKit.Crash;
using On = DrMesh.Core.Sessions.On<DrMesh.TestKit.Crash.RelayPlan>;

namespace DrMesh.Core.Tests.Sessions;

public sealed class MachineChecksTests
{
    private static readonly Phase First = new("First");
    private static readonly Phase Second = new("Second");
    private static readonly Phase Last = new("Last");
    private static readonly StepName Act = new("Act");

    public static TheoryData<string, string[]> BrokenTables() => new()
    {
        { "rule id AB100 is used 2 times", ["AB100 First cancel Last", "AB100 First otherwise Last"] },
        { "rule id x is not", ["x First cancel Last", "AB110 First otherwise Last"] },
        { "phase Second is never reached", ["AB100 First cancel Last", "AB110 First otherwise Last", "AB120 Second cancel Last"] },
        { "no way leads from phase Second to an end", ["AB100 First cancel Last", "AB110 First otherwise Second"] },
        { "phase First must say why it cannot be cancelled", ["AB110 First otherwise Last"] },
        { "rule AB120 never fires", ["AB100 First cancel Last", "AB110 First otherwise Last", "AB120 First done Last"] },
        { "rule AB110 never fires", ["AB100 First cancel Last", "AB110 First cancel Last", "AB120 First otherwise Last"] },
        { "phase Last is an end and has rules", ["AB100 First cancel Last", "AB110 First otherwise Last", "AB120 Last cancel First"] },
        { "step Act is in no rule", ["AB100 First cancel Last", "AB110 First otherwise Last"] },
    };

    [Theory]
    [MemberData(nameof(BrokenTables))]
    public void Problems_BrokenTable_AreNamed(string problem, string[] rows)
    {
        var machine = new SessionMachine<RelayPlan>(
            "broken", 1, First,
            [new(First), new(Second), new(Last) { End = SessionStatus.Succeeded }],
            [new(Act)],
            [.. rows.Select(Row)]);

        MachineChecks.Problems(machine).ShouldContain(found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Problems_Relay_None() => MachineChecks.Problems(RelayMachine.Create()).ShouldBeEmpty();

    private static Rule<RelayPlan> Row(string row)
    {
        var words = row.Split(' ');
        var guard = words[2] switch { "cancel" => On.CancelAsked, "done" => On.StepsDone, _ => On.Otherwise };
        return new Rule<RelayPlan>(words[0], new Phase(words[1]), guard, new Phase(words[3]), ImmutableArray<StepName>.Empty, "it is a test");
    }
}
