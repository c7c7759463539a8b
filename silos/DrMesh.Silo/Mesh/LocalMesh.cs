using DrMesh.Client;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Engines.Processes;

namespace DrMesh.Silo.Mesh;

/// <summary>A whole mesh on one machine, on loopback: for trying, for tests, for the demo. Its silos are what runs in production, too.</summary>
internal sealed class LocalMesh(LocalMeshPaths paths, TimeProvider time)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Its silos, ordered by region and node; empty when none was ever started.</summary>
    public IReadOnlyList<LocalSilo> Silos() => !Directory.Exists(paths.Silos)
        ? []
        : [.. Directory.EnumerateDirectories(paths.Silos)
            .SelectMany(region => Directory.EnumerateDirectories(region)
                .Select(node => new NodeId(new RegionId(Path.GetFileName(region)), Path.GetFileName(node))))
            .OrderBy(node => node.ToString(), StringComparer.Ordinal)
            .Select(node => new LocalSilo(paths, node))];

    /// <summary>Starts the silos that do not run yet and waits until all are ready; returns those it started.</summary>
    /// <exception cref="DrMeshException">Other silos run in this state folder, or one did not become ready.</exception>
    public async Task<IReadOnlyList<LocalSilo>> UpAsync(
        IReadOnlyList<NodeId> nodes, string controlStore, string program, CancellationToken cancellationToken)
    {
        using var turn = Lock();
        RemoveOthers(nodes);
        LocalAccess.Ensure(paths);
        var silos = nodes.Select(node => new LocalSilo(paths, node)).ToList();
        var started = silos.Where(silo => silo.Pid is null).ToList();
        foreach (var silo in started)
        {
            silo.EnsureConfig(controlStore);
            await silo.StartAsync(program, cancellationToken);
        }

        ClientFile.Write(Path.Combine(paths.StateFolder, ClientFile.Name), new DrMeshClientOptions
        {
            Gateways = [.. silos.Select(silo => silo.Settings()).Select(settings => $"{settings.Address}:{settings.GatewayPort}")],
            TokenFile = Path.GetRelativePath(paths.StateFolder, LocalAccess.TokenFile(paths, AccessRole.Admin)),
        });
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Task.WhenAll(silos.Select(silo => AwaitReadyAsync(silo, http, cancellationToken)));
        return started;
    }

    /// <summary>Ends all its silos in an orderly way and returns those that ran.</summary>
    public async Task<IReadOnlyList<LocalSilo>> DownAsync(CancellationToken cancellationToken)
    {
        using var turn = Lock();
        var running = Silos().Where(silo => silo.Pid is not null).ToList();
        foreach (var silo in running)
        {
            ProcessSignal.SendTerminate(silo.Pid ?? 0);
        }

        await Task.WhenAll(running.Select(silo => AwaitEndAsync(silo, cancellationToken)));
        return running;
    }

    private async Task AwaitReadyAsync(LocalSilo silo, HttpClient http, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var wasSeen = false;
        while (!await silo.IsReadyAsync(http, cancellationToken))
        {
            var runs = silo.Pid is not null;
            wasSeen |= runs;
            // The process id is written a moment after the start.
            if (!runs && (wasSeen || time.GetElapsedTime(begun) > TimeSpan.FromSeconds(5)))
            {
                throw silo.Failed("ended while it started");
            }

            if (time.GetElapsedTime(begun) > StartPatience)
            {
                throw silo.Failed($"was not ready after {StartPatience.TotalSeconds} s");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task AwaitEndAsync(LocalSilo silo, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (silo.Pid is { } pid)
        {
            if (time.GetElapsedTime(begun) > StopPatience)
            {
                // A frozen one cannot take its leave.
                ProcessSignal.SendKill(pid);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // Silos of an earlier mesh with other regions: a running one is not ended in passing.
    private void RemoveOthers(IReadOnlyList<NodeId> nodes)
    {
        var others = Silos().Where(silo => !nodes.Contains(silo.Node)).ToList();
        if (others.FirstOrDefault(silo => silo.Pid is not null) is { } running)
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid,
                $"a mesh with silo {running.Node} already runs in {paths.StateFolder}",
                "end it first with drmesh mesh down, or set DRMESH_STATE to another folder");
        }

        others.ForEach(silo => Directory.Delete(paths.SiloFolder(silo.Node), recursive: true));
    }

    private FileStream Lock()
    {
        Directory.CreateDirectory(paths.StateFolder);
        try
        {
            return new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"another drmesh mesh command runs in {paths.StateFolder}", "wait until it is done", held);
        }
    }
}
