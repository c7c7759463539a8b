using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Namespaces;
using DrMesh.Lab.Worlds;

namespace DrMesh.Lab.Chaos;

/// <summary><c>drmesh lab chaos</c>.</summary>
internal static class ChaosCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly TimeSpan UsualLength = TimeSpan.FromSeconds(12);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var seed = new Option<int?>("--seed") { Description = "What the faults are drawn from; the same seed draws the same ones" };
        var minutes = new Option<double>("--minutes") { Description = "How long", DefaultValueFactory = _ => 5 };
        var faults = new Option<string?>("--faults") { Description = "These instead, NAME or NAME:SECONDS, with commas between" };
        var output = new Option<string>("--output", "-o") { Description = "text for a person, json for the report alone", DefaultValueFactory = _ => "text" };
        var keep = new Option<bool>("--keep") { Description = "Leave everything running when something was violated" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("chaos", "Break three regions in network namespaces again and again while writers write, and check that nothing is lost (root)") { seed, minutes, faults, output, keep };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(seed), TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(faults), arguments.GetValue(output) == "json", arguments.GetValue(keep), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int? seed, TimeSpan length, string? named, bool isJson, bool keep, CancellationToken cancellationToken)
    {
        var chosen = named is null ? null : PlannedFault.Parse(named, UsualLength);
        var folder = await HubEntry.NewWorldAsync(cancellationToken);
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        var lab = NamespaceWorld.In(folder);
        var disk = new SmallDisk(lab.Regions[^1]);
        await disk.MountAsync(cancellationToken);
        await using var world = await World.StartAsync(folder, lab.Ground, Tell, cancellationToken);
        ChaosReport report;
        await using (var mesh = await world.ConnectAsync(cancellationToken))
        {
            var drawn = chosen is null ? seed ?? Random.Shared.Next() : (int?)null;
            Tell(drawn is { } number ? $"seed {number}" : "the faults that were named");
            var run = new ChaosRun(new ChaosStage(world, lab, mesh, disk, new BusyCores(), time), Tell);
            report = await run.RunAsync(chosen ?? PlannedFault.Random(drawn!.Value), drawn, chosen is null ? length : TimeSpan.MaxValue, cancellationToken);
        }

        await Console.Out.WriteLineAsync(isJson ? JsonSerializer.Serialize(report, Json) : Describe(report));
        if (report.Violations.Count > 0 && keep)
        {
            await world.KeepAsync();
        }

        return report.Violations.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;

        void Tell(string what) => (isJson ? Console.Error : Console.Out).WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(begun).TotalSeconds,6:0.0} s  {what}"));
    }

    private static string Describe(ChaosReport report) => string.Join('\n',
    [
        .. report.Faults.Select(fault => string.Create(
            CultureInfo.InvariantCulture,
            $"{fault.Name,-20} {fault.Region,-16} {fault.Seconds,5:0.0} s   no write for {fault.WriteGapSeconds,5:0.0} s   well after {fault.RecoverySeconds,5:0.0} s{(fault.Moved ? "   moved" : "")}")),
        $"{report.Acknowledged} rows acknowledged, {report.Lost} lost, {report.DoubleAcknowledged} acknowledged by two",
        .. report.Violations.DefaultIfEmpty("nothing was violated"),
    ]);
}
