using CsCheck;

namespace DrMesh.Engines.Files.Tests;

/// <summary>Random trees, random changes: what is restored has the checksum that was recorded, and the same listing.</summary>
public sealed class RandomTreeTests
{
    private static readonly string[] Names = ["a", "b", "B", "a.b", "ä ö", "-x", "é\n", "q'\"", "🙂"];
    private static readonly int[] Modes = [0b110_100_100, 0b111_101_101, 0b100_000_000];
    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(index => Names[index]);
    private static readonly Gen<string> TreePath = Name.List[1, 4].Select(names => string.Join('/', names));
    private static readonly Gen<(string Path, int Kind, int Length, int Mode)> Change =
        Gen.Select(TreePath, Gen.Int[0, 5], Gen.OneOf(Gen.Int[0, 40], Gen.Int[100_000, 3_000_000]), Gen.Int[0, 2].Select(index => Modes[index]));

    [Fact]
    public async Task FullAndIncremental_RestoreWhatWasRecorded() =>
        await Gen.Select(Change.List[0, 25], Change.List[0, 10]).SampleAsync(
            async (first, then) =>
            {
                await using var bench = await Workbench.CreateAsync();
                Apply(bench, first);
                var full = await bench.SnapshotAsync();
                Apply(bench, then);
                var incremental = await bench.SnapshotAsync("b1");
                full.Commit.Summary.Warnings.ShouldBeEmpty();

                await bench.RestoreAsync("b2");
                (await bench.ChecksumAsync(bench.Target)).ShouldBe(incremental.Checksum.Value);
                (await bench.ChecksumAsync(bench.Tree)).ShouldBe(incremental.Checksum.Value);
                (await ListAsync(bench.Target)).ShouldBe(await ListAsync(bench.Tree));

                Directory.Delete(bench.Target, recursive: true);
                await bench.RestoreAsync("b1");
                (await bench.ChecksumAsync(bench.Target)).ShouldBe(full.Checksum.Value);
            },
            iter: 25,
            threads: 1);

    private static void Apply(Workbench bench, List<(string Path, int Kind, int Length, int Mode)> changes)
    {
        foreach (var (path, kind, length, mode) in changes)
        {
            try
            {
                Apply(bench.In(path), kind, length, (UnixFileMode)mode);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A name that is a file already cannot be a directory; the next change may do better.
            }
        }
    }

    private static void Apply(string path, int kind, int length, UnixFileMode mode)
    {
        if (kind == 5)
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (kind)
        {
            case 0:
                Directory.CreateDirectory(path);
                break;
            case 1:
                File.CreateSymbolicLink(path, "somewhere/../" + length);
                break;
            case 2:
                using (var file = new FileStream(path, FileMode.OpenOrCreate))
                {
                    file.SetLength(10L * length);
                    file.Position = 3L * length;
                    file.Write(SnapshotTests.Pattern(length / 3));
                }

                break;
            default:
                File.WriteAllBytes(path, SnapshotTests.Pattern(length));
                File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
                break;
        }
    }

    private static Task<string> ListAsync(string directory) =>
        SnapshotTests.RunAsync("sh", "-c", "cd \"$1\" && find . -mindepth 1 -printf '%p %y %m %U:%G %n %T@ %l\\n' | sort", "sh", directory);
}
