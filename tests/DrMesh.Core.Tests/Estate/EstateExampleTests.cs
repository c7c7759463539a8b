using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Planning;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using NJsonSchema;

namespace DrMesh.Core.Tests.Estate;

public sealed class EstateExampleTests
{
    public static TheoryData<string> Names() => new(Example.Names());

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_Example_FindsNothing(string name)
    {
        var reading = EstateReader.Read(Example.Text(name));

        reading.Findings.Select(finding => finding.Describe(name)).ShouldBeEmpty();
        reading.Document.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Example_IsValidByTheJsonSchema(string name)
    {
        var schema = await JsonSchema.FromJsonAsync(
            File.ReadAllText(Path.Combine(Example.Folder, "estate.schema.json")), TestContext.Current.CancellationToken);

        schema.Validate(YamlAsJson.Convert(Example.Text(name))).Select(error => error.ToString()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_WrittenAndReadAgain_IsTheSame(string name)
    {
        var estate = EstateReader.Read(Example.Text(name)).Document!;

        foreach (var text in new[] { EstateWriter.Canonical(estate), EstateWriter.Brief(estate) })
        {
            var again = EstateReader.Read(text);
            again.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Describe(name)).ShouldBeEmpty(text);
            EstateDiff.Between(estate, again.Document!).ShouldBeEmpty();
            EstateWriter.Hash(again.Document!).ShouldBe(EstateWriter.Hash(estate));
        }
    }

    [Fact]
    public void Examples_ThereIsOneForEachShape() => Example.Names().ShouldBe(
    [
        "async-with-guard.yaml", "mongodb.yaml", "patroni.yaml", "postgresql-two-regions.yaml", "powerdns-health.yaml", "route53.yaml",
        "three-regions-quorum.yaml", "unified-application.yaml",
    ]);
}
