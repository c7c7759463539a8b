using System.Globalization;
using DrMesh.Contracts.Backups;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>The continuous archive: what is written is in the repository a moment later.</summary>
internal static class ArchiveAct
{
    /// <summary>Plays it.</summary>
    public static async Task RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var begun = stage.Time.GetTimestamp();
        await UntilArchivedAsync(stage, stage.Time.GetUtcNow(), cancellationToken);
        await stage.World.Console.RunAsync(["archive", EstateText.Cluster], cancellationToken);
        stage.View.Good(string.Create(CultureInfo.InvariantCulture, $"what was written until now was in the archive {stage.Time.GetElapsedTime(begun).TotalSeconds:0.0} s later"));
    }

    /// <summary>Waits until everything written before <paramref name="moment"/> is archived.</summary>
    public static async Task UntilArchivedAsync(DemoStage stage, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await stage.Mesh.Grains.GetGrain<IArchiveGrain>(EstateText.Cluster).Status(cancellationToken);
            if (status.IsStreaming && !status.Tiers.IsEmpty && status.Tiers.All(tier => tier.AsOf > moment))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), stage.Time, cancellationToken);
        }
    }
}
