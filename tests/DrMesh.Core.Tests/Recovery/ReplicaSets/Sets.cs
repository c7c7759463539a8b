using System.Collections.Immutable;
using CsCheck;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery.ReplicaSets;

namespace DrMesh.Core.Tests.Recovery.ReplicaSets;

/// <summary>Replica sets for tests: members <c>m0:1</c>, <c>m1:1</c>, …, one in each region <c>r0</c>, <c>r1</c>, ….</summary>
internal static class Sets
{
    /// <summary>Sets of three to seven members, each with or without a vote, here or away, this far or that; with a primary or none.</summary>
    public static Gen<MongoSet> Any { get; } = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Int[0, 4], Gen.UInt[1, 5], Gen.Int[0, 3]).Array[3, 7], Gen.Int[-3, 6]).Select((members, primary) => Of(
            [.. members.Select((drawn, number) =>
            {
                var state = !drawn.Item1 ? MongoMemberState.Down : number == primary ? MongoMemberState.Primary : drawn.Item2 == 0 ? MongoMemberState.Recovering : MongoMemberState.Secondary;
                return Member(number, state, drawn.Item3, votes: drawn.Item4 == 0 && number > 2 ? 0 : 1);
            })]));

    public static MongoSet Of(params MongoMember[] members) => new()
    {
        Name = "rs", Term = 1, ConfigVersion = 3, Committed = At(1), Members = [.. members.Select(member => member with { Lag = TimeSpan.FromSeconds(members.Max(other => other.Applied.Seconds) - member.Applied.Seconds) })],
    };

    public static MongoMember Member(int number, MongoMemberState state, uint applied = 5, int votes = 1, double? priority = null) => new()
    {
        Host = Host(number), State = state, IsReachable = state != MongoMemberState.Down, Applied = At(applied), Votes = votes, Priority = priority ?? votes,
    };

    public static SetMove Move(int members, string? to = null, bool mayAsk = true) => new()
    {
        Cluster = new ClusterId("carts"),
        OldPrimary = "m0",
        From = new RegionId("r0"),
        To = to is null ? null : new RegionId(to),
        MayAsk = mayAsk,
        Members = [.. Enumerable.Range(0, members).Select(number => new SetMemberPlace
        {
            Name = $"m{number}", Host = Host(number), Node = new NodeId(new RegionId($"r{number}"), "db"), Priority = 1, Votes = true,
        })],
    };

    public static string Host(int number) => $"m{number}:1";

    public static OpTime At(uint seconds) => new(seconds, 1, 1);

    /// <summary>The set after an order was obeyed; whom a forced one leaves out is not seen any more.</summary>
    public static MongoSet After(MongoSet seen, SetAction.Reconfigure order) => seen with
    {
        ConfigVersion = seen.ConfigVersion + 1,
        Members = [.. order.To.Seats.Select(seat =>
        {
            var member = seen.Members.FirstOrDefault(known => known.Host == seat.Host) ?? new MongoMember { Host = seat.Host, State = MongoMemberState.Secondary, IsReachable = true, Applied = seen.Members.Max(known => known.Applied) };
            return member with { Priority = seat.Priority, Votes = seat.Votes, State = order.IsForced && seat.Host == order.At ? MongoMemberState.Primary : member.State };
        })],
    };

    /// <summary>The set once its primary stepped down and the most glad of those that can lead was elected.</summary>
    public static MongoSet AfterStepDown(MongoSet seen)
    {
        var next = seen.Members.Where(member => member is { IsReachable: true, State: MongoMemberState.Secondary, Votes: > 0, Priority: > 0 }).MaxBy(member => member.Priority)!;
        return seen with
        {
            Members = [.. seen.Members.Select(member => member.Host == next.Host ? member with { State = MongoMemberState.Primary }
                : member.State == MongoMemberState.Primary ? member with { State = MongoMemberState.Secondary } : member)],
        };
    }

    public static ImmutableArray<string> Hosts(params int[] numbers) => [.. numbers.Select(Host)];
}
