using System.Globalization;
using DrMesh.Contracts.Sessions;
using DrMesh.Lab.Load;
using DrMesh.Lab.Worlds;
using Npgsql;

namespace DrMesh.Lab.Demo.Acts;

/// <summary>A table is dropped by mistake; the moment before is restored beside the running database, and the table comes back from there.</summary>
internal static class PitrAct
{
    private const string Table = "invoice";
    private const int Invoices = 10_000;
    private const string Sum = $"select count(*), coalesce(sum(hashtextextended(i::text, 0)::numeric), 0) from {Table} i";

    /// <summary>Makes the table, before the backup.</summary>
    public static async Task PrepareAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        await using var primary = await OpenPrimaryAsync(stage, cancellationToken);
        await ExecuteAsync(primary, $"create table {Table} as select number, 'invoice ' || md5(number::text) as text from generate_series(1, {Invoices}) number", cancellationToken);
    }

    /// <summary>Plays it.</summary>
    public static async Task<PitrFigures> RunAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        await using var primary = await OpenPrimaryAsync(stage, cancellationToken);
        var (invoices, sum) = await SumAsync(primary, cancellationToken);
        // Rows acknowledged by now were committed before the moment the server names next.
        var written = stage.Writers.Log.Where(row => row.AcknowledgedAt is not null).Select(row => (row.Writer, row.Number)).ToHashSet();
        var target = await MomentAsync(primary, cancellationToken);
        await ExecuteAsync(primary, $"drop table {Table}", cancellationToken);
        stage.View.Tell($"drop table {Table}: {invoices} rows are gone, {target:HH:mm:ss.fff} was the moment before");
        await ArchiveAct.UntilArchivedAsync(stage, await MomentAsync(primary, cancellationToken), cancellationToken);

        var region = stage.World.Regions[1];
        var port = stage.World.FreePort(region);
        var directory = Path.Combine(region.Folder, "restored");
        var session = await stage.RunSessionAsync(
            SessionKinds.Restore,
            [
                "pitr", "run", EstateText.Cluster, "--to", target.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture), "--node", region.Node.ToString(),
                "--directory", directory, "--port", port.ToString(CultureInfo.InvariantCulture), "--yes",
            ],
            cancellationToken);
        var restored = stage.World.Databases.ConnectionString(region.Address, port, Databases.ControlRole);
        var found = await CompareAsync(restored, invoices, sum, written, cancellationToken);
        await CopyBackAsync(restored, primary, cancellationToken);
        var back = await SumAsync(primary, cancellationToken);
        var seconds = (session.EndedAt!.Value - session.StartedAt).TotalSeconds;
        var reached = session.Steps.Select(step => step.Evidence.GetValueOrDefault("time")).LastOrDefault(time => !string.IsNullOrEmpty(time));
        stage.View.Good(string.Create(
            CultureInfo.InvariantCulture, $"restored beside the running database in {seconds:0.0} s: {found} of {invoices + written.Count} rows found; {back.Rows} invoices are back in {Table}"));
        return new PitrFigures(
            seconds, target, reached is null ? null : DateTimeOffset.Parse(reached, CultureInfo.InvariantCulture), invoices + written.Count, back == (invoices, sum) ? found : found - invoices);
    }

    private static async Task<long> CompareAsync(string restored, long invoices, decimal sum, HashSet<(int, long)> written, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(restored);
        await connection.OpenAsync(cancellationToken);
        var same = await SumAsync(connection, cancellationToken) == (invoices, sum) ? invoices : 0;
        var rows = await Checker.ReadRowsAsync(restored, cancellationToken);
        return same + written.Count(rows.Contains);
    }

    private static async Task CopyBackAsync(string restored, NpgsqlConnection primary, CancellationToken cancellationToken)
    {
        await using var source = new NpgsqlConnection(restored);
        await source.OpenAsync(cancellationToken);
        await ExecuteAsync(primary, $"create table {Table} (number int, text text)", cancellationToken);
        await using var from = await source.BeginRawBinaryCopyAsync($"copy {Table} to stdout (format binary)", cancellationToken);
        await using var to = await primary.BeginRawBinaryCopyAsync($"copy {Table} from stdin (format binary)", cancellationToken);
        await from.CopyToAsync(to, cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenPrimaryAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var region = stage.World.RegionAt(await stage.World.Lookup.AskAsync(cancellationToken)) ?? throw new InvalidOperationException("the service's name answers nothing");
        var connection = new NpgsqlConnection(stage.World.Databases.ConnectionString(region, Databases.ApplicationRole));
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<DateTimeOffset> MomentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand("select clock_timestamp()", connection);
        return new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancellationToken))!);
    }

    private static async Task<(long Rows, decimal Sum)> SumAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand(Sum, connection);
        await using var row = await ask.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetDecimal(1));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
