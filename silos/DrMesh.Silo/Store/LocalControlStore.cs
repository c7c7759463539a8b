using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Silo.Store;

/// <summary>
/// The control store of one machine: a private PostgreSQL in the state folder, under an unprivileged user, on a socket and a loopback port
/// of its own. It outlives the command that started it, and is stopped by another.
/// </summary>
internal sealed class LocalControlStore(LocalStorePaths paths)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>Whether it was made in this state folder.</summary>
    public bool Exists => File.Exists(paths.Connection);

    /// <summary>Whether its server runs.</summary>
    public bool IsRunning => Exists && Instance().ReadPostmasterPid() is not null;

    /// <summary>How silos and consoles connect to it; the password is in the file the string names.</summary>
    /// <exception cref="DrMeshException">It was never made.</exception>
    public string ReadConnectionString() => Exists
        ? File.ReadAllText(paths.Connection).Trim()
        : throw new DrMeshException(
            DrMeshError.ControlStoreUnreachable,
            $"there is no local control store in {paths.StateFolder}",
            "run: drmesh store init, or name another store with --connection or DRMESH_STORE");

    /// <summary>Makes it if it is missing and starts it if it does not run; returns whether it had to be started.</summary>
    public async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        using var turn = await LocalStoreLock.TakeAsync(paths, cancellationToken);
        if (!Exists)
        {
            await LocalStoreCreation.CreateAsync(paths, Instance(), cancellationToken);
            return true;
        }

        if (IsRunning)
        {
            return false;
        }

        await Instance().StartAsync(StartPatience, cancellationToken);
        return true;
    }

    /// <summary>Stops its server; returns whether it ran.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return false;
        }

        using var turn = await LocalStoreLock.TakeAsync(paths, cancellationToken);
        if (!IsRunning)
        {
            return false;
        }

        await Instance().StopAsync(ShutdownMode.Fast, StopPatience, cancellationToken);
        return true;
    }

    private PostgresInstance Instance() => new(PostgresInstall.Find(), paths.Data);
}
