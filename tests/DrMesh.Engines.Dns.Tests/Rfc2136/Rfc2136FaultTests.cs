using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using DrMesh.TestKit.Conformance;
using DrMesh.TestKit.Servers;

namespace DrMesh.Engines.Dns.Tests.Rfc2136;

public sealed class Rfc2136FaultTests
{
    private static readonly DnsName Zone = DnsName.Parse(Setup.Zone);
    private static readonly DnsName Name = DnsName.Parse("shop.example.org");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_WrongSecret_IsRefusedAndNothingChanged()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var wrong = new SecretFile(Convert.ToBase64String(new byte[32]));
        var provider = Setup.Provider(Setup.Rfc2136(server, wrong.Path));

        var fault = await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => provider.ChangeAsync(Creation("192.0.2.5"), Cancellation), "NOTAUTH");

        fault.Hint.ShouldContain(wrong.Path);
        (await provider.ReadAsync(Zone, Name, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_UnknownKey_IsRefusedAndNothingChanged()
    {
        await using var server = await BindServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile(TestTsigKey.Secret);
        var provider = Setup.Provider(Setup.Rfc2136(server, secret.Path, keyName: "somebody-else"));

        var fault = await Expect.FaultAsync(DrMeshError.DnsProviderRefused, () => provider.ChangeAsync(Creation("192.0.2.5"), Cancellation), "NOTAUTH");

        fault.Hint.ShouldContain("somebody-else");
        (await provider.ReadAsync(Zone, Name, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Change_ServerKilled_SaysThatNothingWasSent()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile(TestTsigKey.Secret);
        var provider = Setup.Provider(Setup.Rfc2136(server, secret.Path));
        await server.KillAsync();

        await Expect.FaultAsync(DrMeshError.DnsProviderUnreachable, () => provider.ChangeAsync(Creation("192.0.2.5"), Cancellation), server.EndPoint.ToString());
    }

    [Fact]
    public async Task Change_ServerFrozen_IsUnknown()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile(TestTsigKey.Secret);
        var provider = Setup.Provider(Setup.Rfc2136(server, secret.Path), new DnsOptions { CallTimeout = TimeSpan.FromSeconds(1) });
        await server.FreezeAsync();

        await Expect.FaultAsync(DrMeshError.DnsChangeUnknown, () => provider.ChangeAsync(Creation("192.0.2.5"), Cancellation), "example.org");

        await server.ThawAsync();
    }

    [Fact]
    public async Task Change_AddressBesideAnAlias_IsConflictAndNotSilentlyLeftOut()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile(TestTsigKey.Secret);
        var provider = Setup.Provider(Setup.Rfc2136(server, secret.Path));
        await DnsUpdateTool.RunAsync(server, Setup.Zone, $"update add {Name}. 60 CNAME elsewhere.example.net.");

        await Expect.FaultAsync(DrMeshError.DnsConflict, () => provider.ChangeAsync(Creation("192.0.2.5"), Cancellation), Name.Value);
    }

    [Fact]
    public async Task Change_TwentyWritersAtOnce_ExactlyOneWins()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile(TestTsigKey.Secret);
        var provider = Setup.Provider(Setup.Rfc2136(server, secret.Path));

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(async writer =>
        {
            try
            {
                await provider.ChangeAsync(Creation($"192.0.2.{writer}"), Cancellation);
                return $"192.0.2.{writer}";
            }
            catch (DrMeshException lost) when (lost.Code == DrMeshError.DnsConflict)
            {
                return null;
            }
        }));

        var winner = outcomes.OfType<string>().ShouldHaveSingleItem();
        (await provider.ReadAsync(Zone, Name, Cancellation)).Single().Values.ShouldBe([winner]);
    }

    [Fact]
    public async Task Get_SecretIsNotBase64_SaysSo()
    {
        await using var server = await KnotServer.StartNewAsync(Setup.Zone);
        using var secret = new SecretFile("not base 64!");

        await Expect.FaultAsync(
            DrMeshError.DnsProviderUnusable, () => Task.FromResult(Setup.Provider(Setup.Rfc2136(server, secret.Path))), secret.Path);
    }

    private static ZoneChange Creation(string address) => new(Zone, [new RecordSetChange(null, new RecordSet
    {
        Name = Name,
        Type = RecordType.A,
        Ttl = TimeSpan.FromSeconds(60),
        Values = [address],
        Owner = new OwnerMark(new ServiceId("shop"), 1, 1),
    })]);
}
