namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>What the file is as a whole.</summary>
public sealed class FileTests
{
    [Fact]
    public void Read_Empty_IsNamed() => BadEstate.Of("# nothing\n").ShouldBeFoundAs(
        "estate.yaml: the file is empty; expected an estate, which begins with regions");

    [Fact]
    public void Read_NotYaml_IsNamed() => BadEstate.Of("regions: [eu\nclusters: }\n").ShouldBeFoundAs(
        "estate.yaml:1:10: this is not YAML: the text after this place cannot be read");

    [Fact]
    public void Read_Tabs_IsNamed() => BadEstate.Of("regions:\n\teu: {}\n").ShouldBeFoundAs(
        "estate.yaml:2:1: this is not YAML: a tab stands in the indentation; expected spaces");

    [Fact]
    public void Read_NotAMapping_IsNamed() => BadEstate.Of("- regions\n").ShouldBeFoundAs(
        "estate.yaml:1:1: expected keys (version, title, regions, policies, …), found a list");

    [Fact]
    public void Read_TwoDocuments_IsNamed() => BadEstate.Of("regions: {}\n---\nregions: {}\n").ShouldBeFoundAs(
        "estate.yaml:2:1: a second document begins here; expected one estate in a file");

    [Fact]
    public void Read_Tag_IsNamed() => BadEstate.With("address: 10.1.0.1", "address: !secret 10.1.0.1").ShouldBeFoundAs(
        "estate.yaml:4:21: tag !secret is not allowed; expected a plain value");

    [Fact]
    public void Read_AliasWithoutAnchor_IsNamed() => BadEstate.With("address: 10.1.0.1", "address: *missing").ShouldBeFoundAs(
        "estate.yaml:4:21: alias *missing has no anchor before it");

    [Fact]
    public void Read_AliasInsideItself_IsNamed() => BadEstate.Of("regions: &all\n  eu: *all\n").ShouldBeFoundAs(
        "estate.yaml:2:7: alias *all stands inside its own anchor");

    [Fact]
    public void Read_ListAsKey_IsNamed() => BadEstate.Of("? [a, b]\n: c\n").ShouldBeFoundAs(
        "estate.yaml:1:3: a key must be a name, not a list or a mapping");

    [Fact]
    public void Read_WrongVersion_IsNamed() => BadEstate.With("regions:\n  eu", "version: 2\nregions:\n  eu").ShouldBeFoundAs(
        "estate.yaml:1:1: version: 2 is out of range; expected 1");
}
