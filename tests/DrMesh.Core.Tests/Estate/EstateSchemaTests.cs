using DrMesh.Core.Estate.Schema;

namespace DrMesh.Core.Tests.Estate;

public sealed class EstateSchemaTests
{
    [Fact]
    public void JsonSchema_CheckedInCopy_IsTheGeneratedOne() =>
        File.ReadAllText(Path.Combine(Example.Folder, "estate.schema.json"))
            .ShouldBe(EstateJsonSchema.Text(), "write it anew: ./drmesh estate schema > infra/examples/estate.schema.json");

    [Fact]
    public void Guide_HoldsTheGeneratedReference() =>
        File.ReadAllText(Path.Combine(Example.Root, "infra", "docs", "estate.md"))
            .ShouldEndWith(EstateReference.Markdown(), customMessage: "replace everything after \"## Reference\": ./drmesh estate schema --markdown");
}
