using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;

namespace DrMesh.Core.Tests.Traffic;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("Shop.Example.ORG.", "shop.example.org")]
    [InlineData("_drmesh-a.shop.example.org", "_drmesh-a.shop.example.org")]
    [InlineData("*.example.org", "*.example.org")]
    [InlineData("localhost", "localhost")]
    public void Parse_AName_IsOneSpelling(string text, string name) => DnsName.Parse(text).Value.ShouldBe(name);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("-a.example.org")]
    [InlineData("a b.example.org")]
    [InlineData("shop.*.example.org")]
    [InlineData("ü.example.org")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123.example.org")]
    public void TryParse_NoName_IsFalse(string text) => DnsName.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void IsWithin_TheZoneItselfAndBelow_AndNotANeighbour()
    {
        var zone = DnsName.Parse("example.org");

        zone.IsWithin(zone).ShouldBeTrue();
        DnsName.Parse("shop.example.org").IsWithin(zone).ShouldBeTrue();
        DnsName.Parse("badexample.org").IsWithin(zone).ShouldBeFalse();
    }

    [Fact]
    public void OwnerMark_Text_RoundTrips() => OwnerMark.TryParse(Shop.Mark.ToString()).ShouldBe(Shop.Mark);

    [Theory]
    [InlineData("v=spf1 -all")]
    [InlineData("drmesh service=shop")]
    [InlineData("drmesh service=shop epoch=x generation=1")]
    public void OwnerMark_OtherText_IsNoMark(string text) => OwnerMark.TryParse(text).ShouldBeNull();
}
