using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DrMesh.Contracts.Errors;

namespace DrMesh.Benchmarks.Frame;

/// <summary><c>bench NAME [--output text|json]</c>: progress on stderr, figures on stdout.</summary>
internal static class BenchmarkProgram
{
    private const int Interrupted = 130;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs the benchmark that <paramref name="args"/> name and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<IBenchmark> benchmarks)
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text", Recursive = true };
        output.AcceptOnlyFromAmong("text", "json");
        var root = new RootCommand("Measures DrMesh on this machine. Figures are medians; compare only those of one run of one machine.") { output };
        foreach (var benchmark in benchmarks)
        {
            var command = new Command(benchmark.Name, benchmark.Description);
            command.SetAction(async (arguments, cancellationToken) =>
            {
                var figures = await benchmark.RunAsync(Console.Error.WriteLine, cancellationToken);
                Console.WriteLine(arguments.GetValue(output) == "json" ? JsonSerializer.Serialize(figures, Json) : Table(figures));
                return ExitCodes.Done;
            });
            root.Add(command);
        }

        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("bench: interrupted; what was measured by then stands above");
            return Interrupted;
        }
        catch (DrMeshException fault)
        {
            await Console.Error.WriteLineAsync($"bench: {fault.Message}; {fault.Hint}");
            return ExitCodes.For(fault.Code);
        }
    }

    private static string Table(IReadOnlyList<Measurement> figures)
    {
        string[][] rows =
        [
            ["MEASURED", "OURS", "PEER", "OURS/PEER", "UNIT", "RUNS", "AIM"],
            .. figures.Select(figure => new[]
            {
                figure.Name, Number(figure.Ours), Number(figure.Peer), Number(figure.Ratio), figure.Unit, figure.Runs.ToString(CultureInfo.InvariantCulture), figure.Aim?.Judge(figure) ?? "",
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => column is > 0 and < 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static string Number(double? value) => value switch
    {
        null => "-",
        >= 1000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
