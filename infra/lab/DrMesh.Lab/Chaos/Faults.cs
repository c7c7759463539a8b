using DrMesh.Engines.Processes;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Chaos;

/// <summary>Every fault there is.</summary>
internal static class Faults
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(80);

    /// <summary>By name.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill-primary", FaultPlace.Primary, KillDatabase, Nothing),
        new("kill-standby", FaultPlace.Standby, KillDatabase, Nothing, MayMove: false),
        new("kill-silo", FaultPlace.Primary, KillSilo, StartRegion, MayMove: false),
        new("kill-standby-silo", FaultPlace.Standby, KillSilo, StartRegion, MayMove: false),
        new("kill-region", FaultPlace.Primary, KillRegion, StartRegion),
        new("kill-standby-region", FaultPlace.Standby, KillRegion, StartRegion, MayMove: false),
        new("freeze-primary", FaultPlace.Primary, (stage, region, _) => SignalAsync(stage, region, ProcessSignal.SendStop), (stage, region, _) => SignalAsync(stage, region, ProcessSignal.SendContinue)),
        new("cut-primary", FaultPlace.Primary, Cut(CutDirection.Both), Heal),
        new("cut-primary-in", FaultPlace.Primary, Cut(CutDirection.In), Heal),
        new("cut-primary-out", FaultPlace.Primary, Cut(CutDirection.Out), Heal),
        new("cut-standby", FaultPlace.Standby, Cut(CutDirection.Both), Heal, MayMove: false),
        new("cut-store-leader", FaultPlace.StoreLeader, Cut(CutDirection.Both), Heal),
        new("slow-primary", FaultPlace.Primary, Slow, Hurry, MayMove: false),
        new("slow-standby", FaultPlace.Standby, Slow, Hurry, MayMove: false),
        new("starve", FaultPlace.Primary, StarveAsync, FeedAsync, MayMove: false),
        new("dns-silent", FaultPlace.Primary, SilenceNames, WakeNames),
        new("dns-errors", FaultPlace.Primary, RefuseNames, AcceptNames),
        new("disk-full", FaultPlace.SmallDisk, (stage, region, cancellationToken) => stage.Disk.FillAsync(region, cancellationToken), (stage, region, _) => stage.Disk.Free(region)),
        new("lag", FaultPlace.Standby, (stage, region, cancellationToken) => stage.SqlAsync(region, "select pg_wal_replay_pause()", cancellationToken), Resume, MayMove: false),
    ];

    /// <summary>The one of this name; null: none.</summary>
    public static Fault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);

    private static Task Nothing(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task KillDatabase(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        ProcessSignal.SendKill(region.Instance.ReadPostmasterPid() ?? 0);
        return Task.CompletedTask;
    }

    private static Task KillSilo(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        foreach (var pid in WorldProcesses.Find(stage.Lab.Ground.SiloFolder(region)))
        {
            ProcessSignal.SendKill(pid);
        }

        return Task.CompletedTask;
    }

    private static async Task KillRegion(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        foreach (var pid in await stage.Lab.Namespaces.ProcessesAsync(region, cancellationToken))
        {
            ProcessSignal.SendKill(pid);
        }
    }

    private static Task StartRegion(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) =>
        stage.Lab.Ground.StartRegionAsync(region, cancellationToken);

    // Silo, agent and database; the control store's member goes on.
    private static Task SignalAsync(ChaosStage stage, WorldRegion region, Func<int, bool> send)
    {
        foreach (var pid in WorldProcesses.Find(stage.Lab.Ground.SiloFolder(region)).Concat(WorldProcesses.Find(region.Folder)))
        {
            send(pid);
        }

        return Task.CompletedTask;
    }

    private static Func<ChaosStage, WorldRegion, CancellationToken, Task> Cut(CutDirection direction) =>
        (stage, region, cancellationToken) => stage.Lab.Backbone.CutAsync(region, direction, cancellationToken);

    private static Task Heal(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) => stage.Lab.Backbone.HealAsync(region, cancellationToken);

    private static Task Slow(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) => stage.Lab.Backbone.DelayAsync(region, Delay, cancellationToken);

    private static Task Hurry(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) =>
        stage.Lab.Backbone.DelayAsync(region, TimeSpan.Zero, cancellationToken);

    // Everything on this machine runs short of processor time, and every line is slow.
    private static async Task StarveAsync(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        foreach (var each in stage.Lab.Regions)
        {
            await Slow(stage, each, cancellationToken);
        }

        stage.Cores.Start();
    }

    private static async Task FeedAsync(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        stage.Cores.Stop();
        foreach (var each in stage.Lab.Regions)
        {
            await Hurry(stage, each, cancellationToken);
        }
    }

    // With the primary's loss: a failover whose names cannot be moved.
    private static Task SilenceNames(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        stage.World.Names.Processes().ToList().ForEach(pid => ProcessSignal.SendStop(pid));
        return KillDatabase(stage, region, cancellationToken);
    }

    private static Task WakeNames(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        stage.World.Names.Processes().ToList().ForEach(pid => ProcessSignal.SendContinue(pid));
        return Task.CompletedTask;
    }

    private static async Task RefuseNames(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken)
    {
        await stage.World.Names.RestartAsync(["--api-key=another"], cancellationToken);
        await KillDatabase(stage, region, cancellationToken);
    }

    private static Task AcceptNames(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) => stage.World.Names.RestartAsync([], cancellationToken);

    // Whoever was promoted meanwhile replays no more, and says so.
    private static Task Resume(ChaosStage stage, WorldRegion region, CancellationToken cancellationToken) =>
        stage.SqlAsync(region, "do $$ begin if pg_is_in_recovery() then perform pg_wal_replay_resume(); end if; end $$", cancellationToken);
}
