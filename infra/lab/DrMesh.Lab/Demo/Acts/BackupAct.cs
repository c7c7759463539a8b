using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>One backup, while the writers write.</summary>
internal static class BackupAct
{
    /// <summary>Plays it.</summary>
    public static async Task<BackupFigures> RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var session = await stage.RunSessionAsync(SessionKinds.Backup, ["backup", "create", EstateText.Cluster, "--reason", "the demo"], cancellationToken);
        var bytes = session.Steps.Where(step => step.Step == "RunBackup").Sum(Bytes);
        var figures = new BackupFigures((session.EndedAt!.Value - session.StartedAt).TotalSeconds, bytes, 1);
        stage.View.Good(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB backed up and checked in {figures.Seconds:0.0} s, encrypted, from a standby"));
        return figures;
    }

    private static long Bytes(StepSummary step) => long.Parse(step.Evidence["bytes"], CultureInfo.InvariantCulture);
}
