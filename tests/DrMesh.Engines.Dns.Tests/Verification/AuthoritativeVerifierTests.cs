using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Verification;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.Dns.Tests.Verification;

public sealed class AuthoritativeVerifierTests : IAsyncLifetime
{
    private static readonly DnsName Zone = DnsName.Parse(Setup.Zone);
    private readonly AuthoritativeVerifier _verifier = new(TimeProvider.System, Microsoft.Extensions.Options.Options.Create(Setup.Options));
    private KnotServer _knot = null!;
    private BindServer _bind = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AuthoritativeServer[] Servers => [Server(_knot), Server(_bind)];

    public async ValueTask InitializeAsync()
    {
        _knot = await KnotServer.StartNewAsync(Setup.Zone);
        _bind = await BindServer.StartNewAsync(Setup.Zone);
    }

    public async ValueTask DisposeAsync()
    {
        await _knot.DisposeAsync();
        await _bind.DisposeAsync();
    }

    [Fact]
    public async Task Wait_BothAgree_ReportsEachOnce()
    {
        await WriteAsync(_knot, "192.0.2.1");
        await WriteAsync(_bind, "192.0.2.1");
        List<ServerAnswer> agreed = [];

        var agreement = await _verifier.WaitAsync(Expected("192.0.2.1"), Servers, TimeSpan.FromSeconds(10), agreed.Add, Cancellation);

        agreement.IsReached.ShouldBeTrue();
        agreed.Select(answer => answer.Server).ShouldBe(Servers, ignoreOrder: true);
    }

    [Fact]
    public async Task Wait_OneIsStale_NamesItAndWhatItAnswers()
    {
        await WriteAsync(_knot, "192.0.2.1");
        await WriteAsync(_bind, "192.0.2.2");

        var agreement = await _verifier.WaitAsync(Expected("192.0.2.2"), Servers, TimeSpan.FromMilliseconds(300), null, Cancellation);

        agreement.IsReached.ShouldBeFalse();
        agreement.Disagreements.ShouldHaveSingleItem().ShouldBe($"{_knot.EndPoint} answers shop.example.org A with 192.0.2.1 instead of 192.0.2.2");
    }

    [Fact]
    public async Task Wait_StaleOneFollows_IsReached()
    {
        await WriteAsync(_bind, "192.0.2.2");
        var waiting = _verifier.WaitAsync(Expected("192.0.2.2"), Servers, TimeSpan.FromSeconds(30), null, Cancellation);

        await WriteAsync(_knot, "192.0.2.2");

        (await waiting).IsReached.ShouldBeTrue();
    }

    [Fact]
    public async Task Ask_OneIsDown_NamesIt()
    {
        await WriteAsync(_bind, "192.0.2.2");
        await _knot.KillAsync();

        var agreement = await _verifier.AskAsync(Expected("192.0.2.2"), Servers, Cancellation);

        agreement.Disagreements.ShouldHaveSingleItem().ShouldStartWith($"{_knot.EndPoint} gave no answer for shop.example.org A");
    }

    [Fact]
    public async Task Ask_OneDoesNotHoldTheZone_IsNoAgreement()
    {
        var foreign = Expected("192.0.2.1") with { Zone = DnsName.Parse("example.net"), Name = DnsName.Parse("shop.example.net") };

        var agreement = await _verifier.AskAsync(foreign, Servers, Cancellation);

        agreement.IsReached.ShouldBeFalse();
        agreement.Disagreements.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ask_AnswerTooLongForUdp_IsAskedAgainByTcp()
    {
        var many = Enumerable.Range(1, 95).Select(i => $"192.0.2.{i}").ToArray();
        await WriteAsync(_bind, many);

        var agreement = await _verifier.AskAsync(Expected(many), [Server(_bind)], Cancellation);

        agreement.Disagreements.ShouldBeEmpty();
        agreement.Answers.Single().Values.Count.ShouldBe(95);
    }

    [Fact]
    public async Task Ask_NobodyToAsk_IsNoAgreement() =>
        (await _verifier.AskAsync(Expected("192.0.2.1"), [], Cancellation)).IsReached.ShouldBeFalse();

    private static AuthoritativeServer Server(DnsServerProcess server) => new(server.EndPoint.ToString(), server.EndPoint);

    private static ExpectedAnswer Expected(params string[] values) => new()
    {
        Zone = Zone,
        Name = DnsName.Parse("shop.example.org"),
        Type = RecordType.A,
        Values = values,
    };

    private static Task WriteAsync(DnsServerProcess server, params string[] addresses) =>
        DnsUpdateTool.RunAsync(server, Setup.Zone, [.. addresses.Select(address => $"update add shop.example.org. 60 A {address}")]);
}
