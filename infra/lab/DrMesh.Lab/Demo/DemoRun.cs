using DrMesh.Lab.Demo.Acts;
using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo;

/// <summary>The whole story, act by act. Everything in it goes through the console or the mesh's contracts, but for what breaks and what looks on.</summary>
internal static class DemoRun
{
    private const int WriterCount = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>Plays it in a world and returns what was measured.</summary>
    public static async Task<DemoFigures> PlayAsync(World world, IDemoView view, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var mesh = await world.ConnectAsync(cancellationToken);
        await Writer.CreateTableAsync(world.Databases.ConnectionString(world.Regions[0], Databases.ApplicationRole), cancellationToken);
        await using var writers = Writers.Start(WriterCount, world.Lookup, address => world.Databases.ConnectionString(address, world.Databases.Port, Databases.ApplicationRole), Pace, time);
        await using var scene = new Scene(world, writers, time);
        view.Watch(scene);
        view.Tell($"{WriterCount} writers find the database by {NameServer.ServiceName} and write row after row");
        view.Tell("no MongoDB server is given: it has no part in this run");
        var stage = new DemoStage(world, mesh, writers, view, time);
        var figures = new DemoFigures();
        await PitrAct.PrepareAsync(stage, cancellationToken);

        await view.PauseAsync(cancellationToken);
        view.Act("One backup, while the writers write");
        figures = figures with { Backup = await BackupAct.RunAsync(stage, cancellationToken) };

        await view.PauseAsync(cancellationToken);
        view.Act("The continuous archive");
        await ArchiveAct.RunAsync(stage, cancellationToken);

        await view.PauseAsync(cancellationToken);
        view.Act($"The primary's region is lost: {world.Regions[0].Id}");
        figures = figures with { Failover = await FailoverAct.RunAsync(stage, cancellationToken) };

        await view.PauseAsync(cancellationToken);
        view.Act($"The way back to {world.Regions[0].Id}");
        figures = figures with { Failback = await FailbackAct.RunAsync(stage, cancellationToken) };

        await view.PauseAsync(cancellationToken);
        view.Act("A table is dropped by mistake");
        figures = figures with { Pitr = await PitrAct.RunAsync(stage, cancellationToken) };
        return figures;
    }
}
