using System.Xml.Linq;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers.FakeRoute53;

namespace DrMesh.Engines.Dns.Tests.Route53;

/// <summary>Against a fake; the real Route 53 was not run.</summary>
public sealed class Route53ProviderTests : IAsyncLifetime
{
    private static readonly XNamespace Xml = "https://route53.amazonaws.com/doc/2013-04-01/";
    private static readonly DnsName Zone = DnsName.Parse(Setup.Zone);
    private static readonly DnsName Name = DnsName.Parse("shop.example.org");
    private readonly FakeRoute53Server _fake = FakeRoute53Server.StartNew(Setup.Zone);
    private readonly SecretFile _secret = new(FakeRoute53Server.SecretKey);
    private IDnsProvider _provider = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _provider = Setup.Provider(Setup.Route53(_fake.Url, FakeRoute53Server.AccessKey, _secret.Path));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _fake.DisposeAsync();
        _secret.Dispose();
    }

    [Theory]
    [InlineData(DnsRouting.Weighted)]
    [InlineData(DnsRouting.Failover)]
    [InlineData(DnsRouting.Latency)]
    public async Task Change_EachRouting_IsReadAsWritten(DnsRouting kind)
    {
        RecordSet[] sets =
        [
            Set("192.0.2.1") with { Routing = Routed(kind, "eu-west-1", first: true), HealthCheckId = "hc-1" },
            Set("192.0.2.2") with { Routing = Routed(kind, "us-east-1", first: false) },
        ];

        await _provider.ChangeAsync(new ZoneChange(Zone, [.. sets.Select(set => new RecordSetChange(null, set))]), Cancellation);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBe(sets);
    }

    [Fact]
    public async Task Change_WeightsMove_InOneBatch()
    {
        RecordSet[] before = [Weighted("eu-west-1", 100, "192.0.2.1", 1), Weighted("us-east-1", 0, "192.0.2.2", 1)];
        RecordSet[] after = [Weighted("eu-west-1", 0, "192.0.2.1", 2), Weighted("us-east-1", 100, "192.0.2.2", 2)];
        await _provider.ChangeAsync(new ZoneChange(Zone, [.. before.Select(set => new RecordSetChange(null, set))]), Cancellation);

        await _provider.ChangeAsync(new ZoneChange(Zone, [.. before.Zip(after, (old, next) => new RecordSetChange(old, next))]), Cancellation);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBe(after);
        _fake.Seen.Count(line => line.StartsWith("POST", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Change_SimpleBecomesWeighted_InOneBatch()
    {
        await _provider.ChangeAsync(Creation(), Cancellation);
        var weighted = Weighted("eu-west-1", 100, "192.0.2.1", 2);

        await _provider.ChangeAsync(
            new ZoneChange(Zone, [new RecordSetChange(null, weighted), new RecordSetChange(Creation().Changes[0].After, null)]), Cancellation);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBe([weighted]);
    }

    [Fact]
    public async Task Confirm_PendingTwice_WaitsForInSync()
    {
        _fake.PendingAnswers = 2;
        var receipt = await _provider.ChangeAsync(Creation(), Cancellation);

        await _provider.ConfirmAsync(receipt, Cancellation);

        _fake.Seen.Count(line => line.Contains("/change/", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Confirm_NeverInSync_SaysSoAfterTheLimit()
    {
        _fake.PendingAnswers = int.MaxValue;
        var impatient = new DnsOptions { ConfirmWithin = TimeSpan.FromMilliseconds(200), ConfirmEvery = TimeSpan.FromMilliseconds(20) };
        var provider = Setup.Provider(Setup.Route53(_fake.Url, FakeRoute53Server.AccessKey, _secret.Path), impatient);
        var receipt = await provider.ChangeAsync(Creation(), Cancellation);

        await Expect.FaultAsync(DrMeshError.DnsNotConfirmed, () => provider.ConfirmAsync(receipt, Cancellation), "PENDING");
    }

    [Fact]
    public async Task Change_Throttled_IsRepeatedUntilItPasses()
    {
        _fake.RequestsPerSecond = 5;
        var names = Enumerable.Range(1, 8).Select(i => Creation($"n{i}.example.org")).ToList();

        foreach (var change in names)
        {
            await _provider.ChangeAsync(change, Cancellation);
        }

        _fake.Seen.Count(line => line.StartsWith("POST", StringComparison.Ordinal) && line.EndsWith(" 200", StringComparison.Ordinal)).ShouldBe(8);
        _fake.Seen.ShouldContain(line => line.EndsWith(" 400", StringComparison.Ordinal), "the limit was never reached, so nothing was shown");
    }

    [Fact]
    public async Task Change_PriorRequestNotComplete_IsRepeated()
    {
        _fake.PriorRequestsNotComplete = 2;

        await _provider.ChangeAsync(Creation(), Cancellation);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Change_ServiceFails_IsUnknownAndNotRepeated()
    {
        await _provider.ReadAsync(Zone, Name, Cancellation);
        _fake.InternalErrors = 1;

        await Expect.FaultAsync(DrMeshError.DnsChangeUnknown, () => _provider.ChangeAsync(Creation(), Cancellation), "InternalFailure");

        _fake.Seen.Count(line => line.StartsWith("POST", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Change_AnswerLost_IsUnknownAndReadingShowsIt()
    {
        _fake.LosesNextAnswer = true;

        await Expect.FaultAsync(DrMeshError.DnsChangeUnknown, () => _provider.ChangeAsync(Creation(), Cancellation), "example.org");

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBe([Creation().Changes[0].After!]);
    }

    [Fact]
    public async Task Read_ServiceFailsTwice_IsRepeated()
    {
        await _provider.ChangeAsync(Creation(), Cancellation);
        _fake.InternalErrors = 2;

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Read_WrongSecret_QuotesTheService()
    {
        using var wrong = new SecretFile("another secret");
        var provider = Setup.Provider(Setup.Route53(_fake.Url, FakeRoute53Server.AccessKey, wrong.Path));

        await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => provider.ReadAsync(Zone, Name, Cancellation), "SignatureDoesNotMatch");
    }

    [Fact]
    public async Task Read_UnknownAccessKey_QuotesTheService()
    {
        var provider = Setup.Provider(Setup.Route53(_fake.Url, "AKIDNOBODY", _secret.Path));

        await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => provider.ReadAsync(Zone, Name, Cancellation), "InvalidClientTokenId");
    }

    [Fact]
    public async Task Read_SetsOverSeveralPages_AreAllRead()
    {
        _fake.PageSize = 2;
        var sets = Enumerable.Range(1, 5).Select(i => Weighted($"region-{i}", i, $"192.0.2.{i}", 1)).ToList();
        await _provider.ChangeAsync(new ZoneChange(Zone, [.. sets.Select(set => new RecordSetChange(null, set))]), Cancellation);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBe(sets);
        _fake.Seen.ShouldContain(line => line.Contains("identifier=region-3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_AliasOfAws_IsRefusedAndNotTakenForAPlainSet()
    {
        _fake.Put(new XElement(
            Xml + "ResourceRecordSet",
            new XElement(Xml + "Name", Name + "."),
            new XElement(Xml + "Type", "A"),
            new XElement(Xml + "AliasTarget", new XElement(Xml + "DNSName", "lb.example.net."))));

        await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => _provider.ReadAsync(Zone, Name, Cancellation), "AliasTarget");
    }

    [Fact]
    public async Task Read_TwoPublicZonesOfOneName_ChoosesNone()
    {
        _fake.AddZone(Setup.Zone);

        await Expect.FaultAsync(DrMeshError.DnsZoneUnknown, () => _provider.ReadAsync(Zone, Name, Cancellation), "2 public hosted zones");
    }

    [Fact]
    public async Task Read_PrivateZoneOfTheSameName_IsPassedOver()
    {
        _fake.AddZone(Setup.Zone, isPrivate: true);

        (await _provider.ReadAsync(Zone, Name, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_EndpointWithoutCredentials_IsRefused()
    {
        var definition = new DnsProviderDefinition { Name = "main", Route53 = new Route53Provider { Endpoint = _fake.Url.ToString() } };

        await Expect.FaultAsync(DrMeshError.DnsProviderUnusable, () => Task.FromResult(Setup.Provider(definition)), "credentials");
    }

    private static ZoneChange Creation(string name = "shop.example.org") =>
        new(Zone, [new RecordSetChange(null, Set("192.0.2.1") with { Name = DnsName.Parse(name) })]);

    private static RecordSet Weighted(string region, int weight, string address, long generation) => Set(address) with
    {
        Routing = new Routing { Kind = DnsRouting.Weighted, SetIdentifier = region, Weight = weight },
        Owner = new OwnerMark(new ServiceId("shop"), 1, generation),
    };

    private static Routing Routed(DnsRouting kind, string region, bool first) => kind switch
    {
        DnsRouting.Weighted => new Routing { Kind = kind, SetIdentifier = region, Weight = first ? 100 : 0 },
        DnsRouting.Failover => new Routing { Kind = kind, SetIdentifier = region, IsPrimary = first },
        _ => new Routing { Kind = kind, SetIdentifier = region, ProviderRegion = region },
    };

    private static RecordSet Set(string address) => new()
    {
        Name = Name,
        Type = RecordType.A,
        Ttl = TimeSpan.FromSeconds(60),
        Values = [address],
        Owner = new OwnerMark(new ServiceId("shop"), 1, 1),
    };
}
