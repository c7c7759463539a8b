using System.Net;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class AnswerAgreementTests
{
    private static readonly AuthoritativeServer First = new("ns1.example.org", new IPEndPoint(IPAddress.Loopback, 5301));
    private static readonly AuthoritativeServer Second = new("ns2.example.org", new IPEndPoint(IPAddress.Loopback, 5302));

    [Fact]
    public void Judge_AllAnswerInAnyOrder_IsReached() =>
        Judge(["192.0.2.1", "192.0.2.2"], Answer(First, "192.0.2.2", "192.0.2.1"), Answer(Second, "192.0.2.1", "192.0.2.2")).IsReached.ShouldBeTrue();

    [Fact]
    public void Judge_OneIsStale_NamesItAndItsAnswer() =>
        Judge(["192.0.2.2"], Answer(First, "192.0.2.2"), Answer(Second, "192.0.2.1")).Disagreements
            .ShouldBe(["ns2.example.org (127.0.0.1:5302) answers shop.example.org A with 192.0.2.1 instead of 192.0.2.2"]);

    [Fact]
    public void Judge_OldAnswerBesideTheNew_IsNoAgreement() =>
        Judge(["192.0.2.2"], Answer(First, "192.0.2.1", "192.0.2.2")).IsReached.ShouldBeFalse();

    [Fact]
    public void Judge_NoAnswer_SaysWhy() =>
        Judge(["192.0.2.2"], new ServerAnswer { Server = First, Fault = "no answer within 2 s" }).Disagreements
            .ShouldBe(["ns1.example.org (127.0.0.1:5301) gave no answer for shop.example.org A: no answer within 2 s"]);

    [Fact]
    public void Judge_NobodyAsked_IsNoAgreement() => Judge(["192.0.2.2"]).IsReached.ShouldBeFalse();

    [Fact]
    public void Judge_NameGone_SaysNothingIsAnswered() =>
        Judge(["192.0.2.2"], Answer(First)).Disagreements.Single().ShouldContain("with nothing instead of 192.0.2.2");

    private static AnswerAgreement Judge(string[] expected, params ServerAnswer[] answers) => AnswerAgreement.Judge(
        new ExpectedAnswer { Zone = DnsName.Parse("example.org"), Name = Shop.Name, Type = RecordType.A, Values = expected }, answers);

    private static ServerAnswer Answer(AuthoritativeServer server, params string[] values) => new() { Server = server, Values = values };
}
