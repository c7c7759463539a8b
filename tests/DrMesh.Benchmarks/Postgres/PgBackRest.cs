using System.Globalization;
using DrMesh.Benchmarks.Frame;
using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;

namespace DrMesh.Benchmarks.Postgres;

/// <summary>pgBackRest in a temporary directory: zstd 3, AES-256, two processes, like DrMesh beside it.</summary>
internal sealed class PgBackRest : IDisposable
{
    private const string Stanza = "main";
    private readonly TestDirectory _directory;

    private PgBackRest(TestDirectory directory) => _directory = directory;

    private string Configuration => Path.Combine(_directory.Path, "pgbackrest.conf");

    /// <summary>The repository's directory.</summary>
    public string Repository => Path.Combine(_directory.Path, "repo");

    /// <summary>The server's archive_command.</summary>
    public string ArchiveCommand => $"pgbackrest --config={Configuration} --stanza={Stanza} archive-push %p";

    /// <summary>Sets it up for a server, which must accept local connections of <c>postgres</c>.</summary>
    public static async Task<PgBackRest> CreateAsync(string dataDirectory, int port)
    {
        var directory = await TestDirectory.CreateAsync(PostgresInstall.Find().User);
        var backrest = new PgBackRest(directory);
        var path = directory.Path;
        await File.WriteAllTextAsync(
            backrest.Configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                [global]
                repo1-path={path}/repo
                repo1-cipher-type=aes-256-cbc
                repo1-cipher-pass=a-pass-phrase-for-this-benchmark-only
                repo1-retention-full=10
                process-max=2
                compress-type=zst
                compress-level=3
                start-fast=y
                archive-check=n
                log-level-console=warn
                log-level-file=off
                lock-path={path}/lock
                spool-path={path}/spool
                log-path={path}
                archive-async=y
                [{Stanza}]
                pg1-path={dataDirectory}
                pg1-port={port}
                pg1-socket-path={Path.GetDirectoryName(dataDirectory)}
                pg1-user=postgres
                """));
        return backrest;
    }

    /// <summary>Creates the stanza.</summary>
    public Task<MeasuredRun> CreateStanzaAsync(CancellationToken cancellationToken) => RunAsync(["stanza-create"], cancellationToken);

    /// <summary>A backup: <c>full</c> or <c>incr</c>.</summary>
    public Task<MeasuredRun> BackUpAsync(string type, CancellationToken cancellationToken) => RunAsync([$"--type={type}", "backup"], cancellationToken);

    /// <summary>Restores the newest backup.</summary>
    public Task<MeasuredRun> RestoreAsync(string directory, IReadOnlyList<string> options, CancellationToken cancellationToken) =>
        RunAsync([$"--pg1-path={directory}", .. options, "restore"], cancellationToken);

    /// <summary>Verifies the repository.</summary>
    public Task<MeasuredRun> VerifyAsync(CancellationToken cancellationToken) => RunAsync(["verify"], cancellationToken);

    /// <summary>The name of the first backup.</summary>
    public string FirstBackup() => Directory.EnumerateDirectories(Path.Combine(Repository, "backup", Stanza), "*F").Select(path => Path.GetFileName(path)!).Order().First();

    /// <summary>Bytes of the repository on disk.</summary>
    public long RepositoryBytes() => new DirectoryInfo(Repository).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private Task<MeasuredRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        MeasuredRun.OfAsync("pgbackrest", [$"--config={Configuration}", $"--stanza={Stanza}", .. arguments], PostgresInstall.Find().User, cancellationToken);
}
