using System.Text.RegularExpressions;

namespace DrMesh.Architecture.Tests;

/// <summary>The house rules a compiler does not hold.</summary>
public sealed partial class TreeTests
{
    private static readonly string[] FoldersThatSayNothing = ["Models", "Services", "Helpers", "Utils", "Common", "Managers"];

    [Fact]
    public void Folders_AreNamedByDomain() =>
        Tree.Sources().Where(path => path.Split('/').Intersect(FoldersThatSayNothing).Any()).ShouldBeEmpty();

    [Fact]
    public void Files_HoldOneIdea() =>
        Tree.Sources().Where(path => File.ReadLines(Path.Combine(Tree.Root, path)).Count() > 400).ShouldBeEmpty("split by responsibility");

    [Fact]
    public void Sources_LeaveNothingUnfinished() =>
        Lines(UnfinishedWords()).ShouldBeEmpty();

    [Fact]
    public void Tests_AreNeverSkippedByAttribute() =>
        Lines(SkippedTest()).ShouldBeEmpty("a missing server is a skip at run time, with its reason");

    [Fact]
    public void Contracts_PublicRecords_AreSealedWithAliasAndIds()
    {
        var contracts = typeof(DrMesh.Contracts.Errors.DrMeshError).Assembly;

        contracts.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null)
            .Where(type => !type.IsSealed || type.GetCustomAttributes(typeof(AliasAttribute), false).Length == 0)
            .ShouldBeEmpty("[GenerateSerializer, Alias(\"drmesh.…\")] public sealed record");
    }

    private static IEnumerable<string> Lines(Regex pattern) =>
        from path in Tree.Sources()
        where !path.EndsWith("TreeTests.cs", StringComparison.Ordinal)
        from line in File.ReadLines(Path.Combine(Tree.Root, path)).Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{path}:{line.number}: {line.text.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|\bfor now\b", RegexOptions.IgnoreCase)]
    private static partial Regex UnfinishedWords();

    [GeneratedRegex(@"\bSkip\s*=\s*""")]
    private static partial Regex SkippedTest();
}
