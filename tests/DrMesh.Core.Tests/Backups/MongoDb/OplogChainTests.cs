using CsCheck;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Tests.Backups.MongoDb;

public sealed class OplogChainTests
{
    private static readonly Gen<OpTime> AnyTime = Gen.Select(Gen.UInt, Gen.UInt, Gen.Int[0, int.MaxValue]).Select(value => new OpTime(value.Item1, value.Item2, value.Item3));

    [Fact]
    public void Names_AreReadBack_AndSortAsPositionsDo() =>
        Gen.Select(AnyTime, AnyTime, AnyTime, AnyTime).Sample((a, b, c, d) =>
        {
            OplogSliceName.TryParse(new OplogSliceName(a, b).ToLogName(), out var read).ShouldBeTrue();
            read.ShouldBe(new OplogSliceName(a, b));
            OpTime.TryParse(a.ToString(), out var time).ShouldBeTrue();
            time.ShouldBe(a);
            new OplogSliceName(a, b).ToLogName().Name.Length.ShouldBeLessThanOrEqualTo(64);
            if (a < c)
            {
                (new OplogSliceName(a, b).ToLogName() < new OplogSliceName(c, d).ToLogName()).ShouldBeTrue();
                (OplogSliceName.FirstFrom(c) < new OplogSliceName(c, d).ToLogName()).ShouldBeTrue();
                (OplogSliceName.FirstFrom(c) > new OplogSliceName(a, b).ToLogName()).ShouldBeTrue();
            }
        });

    [Theory]
    [InlineData("oplog", "nonsense")]
    [InlineData("oplog", "0000000100000001.00000001")]
    [InlineData("other", "0000000100000001.00000001-0000000100000002.00000001")]
    public void Names_OfOthers_AreNotSlices(string group, string name) => OplogSliceName.TryParse(new LogName(group, name), out _).ShouldBeFalse();

    [Fact]
    public void Ranges_EndAtHoles_AndAtAnotherTermsOperation()
    {
        OplogSliceName[] slices = [Slice(5, 8), Slice(1, 3), Slice(3, 5), Slice(9, 10), new(At(10) with { Term = 2 }, At(12) with { Term = 2 })];

        OplogChain.Ranges(slices).Select(range => (range.From.Seconds, range.To.Seconds)).ShouldBe([(1u, 8u), (9u, 10u), (10u, 12u)]);
    }

    [Fact]
    public void Ranges_OfALaterTermThatBeganEarlier_AreAnotherHistory()
    {
        OplogSliceName[] slices = [Slice(1, 8), new(At(6) with { Term = 2 }, At(12) with { Term = 2 })];

        OplogChain.Ranges(slices).Select(range => (range.From.Seconds, range.To.Seconds)).ShouldBe([(1u, 8u), (6u, 12u)]);
        OplogChain.Path(slices, At(1), At(12)).ShouldBeNull("7 and 8 were archived and are not in the set any more");
    }

    [Fact]
    public void Path_IsTheSlicesBetween_OrNothing()
    {
        OplogSliceName[] slices = [Slice(1, 3), Slice(3, 5), Slice(5, 8), Slice(9, 10)];

        OplogChain.Path(slices, At(3), At(6)).ShouldBe([Slice(3, 5), Slice(5, 8)]);
        OplogChain.Path(slices, At(2), At(3)).ShouldBe([Slice(1, 3)]);
        OplogChain.Path(slices, At(4), At(4)).ShouldBe([]);
        OplogChain.Path(slices, At(4), At(10)).ShouldBeNull("8 to 9 is missing");
        OplogChain.Path(slices, At(0), At(2)).ShouldBeNull();
    }

    private static OpTime At(uint seconds) => new(seconds, 1, 1);

    private static OplogSliceName Slice(uint from, uint to) => new(At(from), At(to));
}
