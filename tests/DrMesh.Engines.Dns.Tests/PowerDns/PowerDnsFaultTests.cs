using System.Diagnostics;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.Dns.Tests.PowerDns;

public sealed class PowerDnsFaultTests
{
    private static readonly DnsName Zone = DnsName.Parse(Setup.Zone);
    private static readonly DnsName Name = DnsName.Parse("shop.example.org");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_NothingListens_SaysWhereAndThatNothingWasSent()
    {
        using var key = new SecretFile(PowerDnsServer.ApiKey);
        var port = LoopbackPort.Next();
        var provider = Setup.Provider(Setup.PowerDns(new Uri($"http://127.0.0.1:{port}"), key.Path));

        var fault = await Expect.FaultAsync(DrMeshError.DnsProviderUnreachable, () => provider.ReadAsync(Zone, Name, Cancellation), $"127.0.0.1:{port}", "main");

        fault.Hint.ShouldContain("nothing was sent");
    }

    [Fact]
    public async Task Change_WrongKey_IsRefusedAndNothingChanged()
    {
        await using var server = await PowerDnsServer.StartNewAsync(Setup.Zone);
        using var wrong = new SecretFile("another key");
        using var right = new SecretFile(PowerDnsServer.ApiKey);
        var provider = Setup.Provider(Setup.PowerDns(server.ApiUrl, wrong.Path, server));

        var fault = await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => provider.ChangeAsync(Creation(), Cancellation), "example.org");

        fault.Hint.ShouldContain(wrong.Path);
        (await Setup.Provider(Setup.PowerDns(server.ApiUrl, right.Path, server)).ReadAsync(Zone, Name, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_ServerStopsAnswering_IsUnknownWithinTheLimit()
    {
        await using var slow = new SlowApi();
        using var key = new SecretFile(PowerDnsServer.ApiKey);
        var options = new DnsOptions { CallTimeout = TimeSpan.FromSeconds(1) };
        var provider = Setup.Provider(Setup.PowerDns(slow.Url, key.Path), options);
        var started = Stopwatch.GetTimestamp();

        await Expect.FaultAsync(DrMeshError.DnsChangeUnknown, () => provider.ChangeAsync(Creation(), Cancellation), "no answer within 1 s");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Change_ServerAnswers500_IsUnknown()
    {
        await using var broken = new SlowApi { PatchStatus = 500 };
        using var key = new SecretFile(PowerDnsServer.ApiKey);

        await Expect.FaultAsync(
            DrMeshError.DnsChangeUnknown,
            () => Setup.Provider(Setup.PowerDns(broken.Url, key.Path)).ChangeAsync(Creation(), Cancellation),
            "the backend is broken");
    }

    [Fact]
    public async Task Read_ServerFrozen_SaysSoWithinTheLimit()
    {
        await using var server = await PowerDnsServer.StartNewAsync(Setup.Zone);
        using var key = new SecretFile(PowerDnsServer.ApiKey);
        var provider = Setup.Provider(Setup.PowerDns(server.ApiUrl, key.Path, server), new DnsOptions { CallTimeout = TimeSpan.FromSeconds(1) });
        await server.FreezeAsync();

        await Expect.FaultAsync(DrMeshError.DnsProviderUnreachable, () => provider.ReadAsync(Zone, Name, Cancellation), "no answer within 1 s");

        await server.ThawAsync();
        await Eventually.HoldsAsync(
            async () => (await Setup.Provider(Setup.PowerDns(server.ApiUrl, key.Path, server)).ReadAsync(Zone, Name, Cancellation)).Count == 0,
            TimeSpan.FromSeconds(20), () => "it does not answer again", Cancellation);
    }

    [Fact]
    public async Task Change_ValueTheServerRefuses_QuotesIt()
    {
        await using var server = await PowerDnsServer.StartNewAsync(Setup.Zone);
        using var key = new SecretFile(PowerDnsServer.ApiKey);
        var provider = Setup.Provider(Setup.PowerDns(server.ApiUrl, key.Path, server));
        var outside = Creation().Changes[0].After! with { Name = DnsName.Parse("shop.example.net") };

        await Expect.FaultAsync(
            DrMeshError.DnsProviderRefused,
            () => provider.ChangeAsync(new ZoneChange(Zone, [new RecordSetChange(null, outside)]), Cancellation),
            "shop.example.net");
    }

    [Fact]
    public async Task Get_SecretFileMissing_SaysWhereToPutIt()
    {
        await Expect.FaultAsync(
            DrMeshError.DnsProviderUnusable,
            () => Task.FromResult(Setup.Provider(Setup.PowerDns(new Uri("http://127.0.0.1:1"), "/nonexistent/key"))),
            "/nonexistent/key");
    }

    [Fact]
    public async Task Change_CommentsAndDisabledRecordsOfOthers_Stay()
    {
        await using var server = await PowerDnsServer.StartNewAsync(Setup.Zone);
        using var key = new SecretFile(PowerDnsServer.ApiKey);
        var provider = Setup.Provider(Setup.PowerDns(server.ApiUrl, key.Path, server));
        await server.WriteRawAsync(Setup.Zone, """
            {"rrsets":[{"name":"shop.example.org.","type":"A","ttl":60,"changetype":"REPLACE",
              "records":[{"content":"192.0.2.1","disabled":false},{"content":"192.0.2.99","disabled":true}],
              "comments":[{"content":"ask Ann before you touch this","account":"ann","modified_at":0}]}]}
            """);
        var before = (await provider.ReadAsync(Zone, Name, Cancellation)).Single();
        before.Values.ShouldBe(["192.0.2.1"]);

        await provider.ChangeAsync(new ZoneChange(Zone, [new RecordSetChange(before, Creation().Changes[0].After)]), Cancellation);

        var raw = await server.ReadRawAsync(Setup.Zone);
        raw.ShouldContain("ask Ann before you touch this");
        raw.ShouldContain("192.0.2.99");
    }

    private static ZoneChange Creation() => new(Zone, [new RecordSetChange(null, new RecordSet
    {
        Name = Name,
        Type = RecordType.A,
        Ttl = TimeSpan.FromSeconds(60),
        Values = ["192.0.2.5"],
        Owner = new OwnerMark(new ServiceId("shop"), 1, 1),
    })]);
}
