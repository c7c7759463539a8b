using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>Where a PostgreSQL's programs are. Debian keeps each major version's in a directory of its own.</summary>
/// <param name="BinDirectory">The directory with <c>postgres</c>, <c>initdb</c>, <c>pg_ctl</c>.</param>
/// <param name="User">The unprivileged user its servers run as when the caller is root.</param>
public sealed record PostgresInstall(string BinDirectory, string User)
{
    /// <summary>The newest installed version, or the one <c>DRMESH_PG_BIN</c> points to.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ToolMissing"/> when none is installed.</exception>
    public static PostgresInstall Find()
    {
        var given = Environment.GetEnvironmentVariable("DRMESH_PG_BIN");
        var directory = given ?? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "postgres")))
            .MaxBy(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var major) ? major : 0);
        if (directory is null || !File.Exists(Path.Combine(directory, "postgres")))
        {
            throw new DrMeshException(
                DrMeshError.ToolMissing,
                $"no PostgreSQL server is installed under {given ?? "/usr/lib/postgresql"}",
                "apt-get install postgresql-15, or set DRMESH_PG_BIN to the directory with its programs");
        }

        return new PostgresInstall(directory, Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName);
    }

    /// <summary>The path of one of its programs.</summary>
    public string Program(string name) => Path.Combine(BinDirectory, name);
}
