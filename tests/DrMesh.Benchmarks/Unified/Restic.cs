using DrMesh.Benchmarks.Frame;
using DrMesh.TestKit;

namespace DrMesh.Benchmarks.Unified;

/// <summary>restic in a temporary directory: its format 2 (zstd at its usual level, AES-256 and Poly1305), everything else as it comes.</summary>
internal sealed class Restic : IDisposable
{
    private readonly TestDirectory _directory;

    private Restic(TestDirectory directory) => _directory = directory;

    /// <summary>The repository's directory.</summary>
    public string Repository => Path.Combine(_directory.Path, "repository");

    /// <summary>Makes an empty repository.</summary>
    public static async Task<Restic> CreateAsync(CancellationToken cancellationToken)
    {
        var restic = new Restic(await TestDirectory.CreateAsync());
        await File.WriteAllTextAsync(Path.Combine(restic._directory.Path, "password"), "a pass phrase for this benchmark only", cancellationToken);
        await restic.RunAsync(["init"], cancellationToken);
        return restic;
    }

    /// <summary>Backs a directory up, incremental to the last one of it.</summary>
    public Task<MeasuredRun> BackUpAsync(string directory, CancellationToken cancellationToken) => RunAsync(["--compression", "auto", "backup", directory], cancellationToken);

    /// <summary>Restores the newest backup under a directory.</summary>
    public Task<MeasuredRun> RestoreAsync(string directory, CancellationToken cancellationToken) => RunAsync(["restore", "latest", "--target", directory], cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private Task<MeasuredRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => MeasuredRun.OfAsync(
        "restic",
        ["--quiet", "--repo", Repository, "--password-file", Path.Combine(_directory.Path, "password"), "--cache-dir", Path.Combine(_directory.Path, "cache"), .. arguments],
        null,
        cancellationToken);
}
