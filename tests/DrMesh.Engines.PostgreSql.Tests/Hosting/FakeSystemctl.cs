using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.TestKit;

namespace DrMesh.Engines.PostgreSql.Tests.Hosting;

/// <summary>A fake of <c>systemctl</c> for one unit: a script that comes first on this process's PATH while it lives. Tests that use it run one after another.</summary>
[CollectionDefinition(nameof(FakeSystemctl), DisableParallelization = true)]
public sealed class FakeSystemctl : IDisposable
{
    private readonly TestDirectory _directory;
    private readonly string _path = Environment.GetEnvironmentVariable("PATH") ?? "";

    private FakeSystemctl(TestDirectory directory) => _directory = directory;

    /// <summary>The command lines it was given.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(Path.Combine(_directory.Path, "calls"));

    /// <summary>Writes the script and puts it first.</summary>
    /// <param name="instance">The server the unit runs.</param>
    /// <param name="refuses">Whether the caller may do nothing.</param>
    public static async Task<FakeSystemctl> PutFirstAsync(PostgresInstance instance, bool refuses = false)
    {
        var fake = new FakeSystemctl(await TestDirectory.CreateAsync());
        var script = Path.Combine(fake._directory.Path, "systemctl");
        var run = Environment.IsPrivilegedProcess ? $"setpriv --reuid={instance.Install.User} --regid={instance.Install.User} --init-groups --" : "";
        await File.WriteAllTextAsync(
            script,
            $"""
             #!/usr/bin/env bash
             echo "$*" >>'{fake._directory.Path}/calls'
             {(refuses ? "echo 'Failed to start pg.service: Interactive authentication required.' >&2; exit 1" : "")}
             pid=$(head -1 '{instance.DataDirectory}/postmaster.pid' 2>/dev/null)
             case "$*" in
               *" start "*) [[ -n $pid ]] || (cd / && {run} '{instance.Install.Program("pg_ctl")}' start -W -D '{instance.DataDirectory}' -l '{instance.DataDirectory}.log' >/dev/null) ;;
               *SIGINT*) kill -INT "$pid" ;;
               *SIGQUIT*) kill -QUIT "$pid" ;;
             esac

             """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{fake._directory.Path}:{fake._path}");
        return fake;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _directory.Dispose();
    }
}
