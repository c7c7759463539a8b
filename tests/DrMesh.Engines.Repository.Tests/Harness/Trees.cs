namespace DrMesh.Engines.Repository.Tests.Harness;

/// <summary>Comparing what was restored.</summary>
internal static class Trees
{
    public static SortedDictionary<string, byte[]> Read(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).LinkTarget is null)
            .ToDictionary(file => Path.GetRelativePath(directory, file), File.ReadAllBytes),
        StringComparer.Ordinal);

    public static void ShouldEqual(SortedDictionary<string, byte[]> actual, SortedDictionary<string, byte[]> expected)
    {
        actual.Keys.ShouldBe(expected.Keys);
        foreach (var (path, content) in expected)
        {
            actual[path].AsSpan().SequenceEqual(content).ShouldBeTrue($"{path} differs");
        }
    }
}
