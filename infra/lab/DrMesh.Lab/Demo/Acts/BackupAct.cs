using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>One backup of the whole application at one point, while the writers write.</summary>
internal static class BackupAct
{
    /// <summary>Plays it.</summary>
    public static async Task<BackupFigures> RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var session = await stage.RunSessionAsync(SessionKinds.UnifiedBackup, ["backup", "create", "--app", EstateText.Application, "--reason", "the demo"], cancellationToken);
        var parts = session.Steps.Where(step => step.Step is "CopyPart" or "SealPart").GroupBy(step => step.Target).ToArray();
        var bytes = parts.Sum(part => part.Max(Bytes));
        var figures = new BackupFigures((session.EndedAt!.Value - session.StartedAt).TotalSeconds, bytes, parts.Length);
        stage.View.Good(string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes / 1048576.0:0.0} MB in {parts.Length} parts ({string.Join(", ", parts.Select(part => part.Key))}) at one consistency point in {figures.Seconds:0.0} s, encrypted and checked"));
        return figures;
    }

    private static long Bytes(StepSummary step) =>
        step.Evidence.TryGetValue("bytes", out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
}
