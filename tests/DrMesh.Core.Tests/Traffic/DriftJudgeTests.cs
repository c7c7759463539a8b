using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class DriftJudgeTests
{
    [Fact]
    public void Judge_AsItShouldBe_DoesNothing()
    {
        var (putBack, report) = Judge(Shop.Set("192.0.2.2", Shop.Mark));

        putBack.ShouldBeNull();
        report.ShouldBeEmpty();
    }

    [Fact]
    public void Judge_AStaleWriterOfDrMeshWasHere_IsPutBack()
    {
        var stale = Shop.Set("192.0.2.1", Shop.Older);

        var (putBack, report) = Judge(stale);

        putBack!.Changes.ShouldBe([new RecordSetChange(stale, Shop.Set("192.0.2.2", Shop.Mark))]);
        report.ShouldBeEmpty();
    }

    [Fact]
    public void Judge_APersonChangedIt_IsReportedAndLeft()
    {
        var (putBack, report) = Judge(Shop.Set("192.0.2.1", Shop.Mark));

        putBack.ShouldBeNull();
        report.ShouldHaveSingleItem().ShouldBe("shop.example.org A 192.0.2.1 (TTL 60 s) should be shop.example.org A 192.0.2.2 (TTL 60 s)");
    }

    [Fact]
    public void Judge_APersonRemovedIt_IsReportedAndLeft()
    {
        var (putBack, report) = Judge();

        putBack.ShouldBeNull();
        report.ShouldHaveSingleItem().ShouldContain("is missing");
    }

    [Fact]
    public void Judge_AnotherServiceTookIt_IsReported() =>
        Judge(Shop.Set("192.0.2.1", new OwnerMark(new ServiceId("billing"), 1, 1))).Report.ShouldHaveSingleItem().ShouldContain("belongs to service billing");

    private static (ZoneChange? PutBack, IReadOnlyList<string> Report) Judge(params RecordSet[] read) =>
        DriftJudge.Judge(SwitchPlanner.Plan(Shop.Question(Shop.Us, Shop.Service(), read)), Shop.Mark);
}
