using System.Collections.Immutable;
using System.Reflection;
using DrMesh.Client;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Setup;
using Npgsql;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>Whether the control store and the silos are reached from here, and what their clocks say.</summary>
internal static class MeshCheckup
{
    private const string Area = "connectivity";
    private const string Store = "the control store";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The findings, and the file with the token that is presented; a mesh that nothing names is advice, not a problem: it may not be there yet.</summary>
    public static async Task<(ImmutableArray<SetupFinding> Findings, string? TokenFile)> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        DrMeshClientOptions options;
        try
        {
            options = ConnectionSource.Find(context.Arguments.GetValue(GlobalOptions.Gateways), context.Arguments.GetValue(GlobalOptions.Store));
        }
        catch (DrMeshException nowhere) when (nowhere.Code == DrMeshError.MeshUnreachable)
        {
            return ([new SetupFinding { Level = FindingLevel.Advice, Area = Area, Subject = "the mesh", Message = nowhere.Message, Remedy = nowhere.Hint }], null);
        }

        var store = options.ControlStore is { } connection ? [AskStoreAsync(connection, context.Time, cancellationToken)] : Array.Empty<Task<ImmutableArray<SetupFinding>>>();
        var silos = options.Gateways.IsDefaultOrEmpty
            ? [AskSiloAsync(options, Store, context.Time, cancellationToken)]
            : options.Gateways.Select(gateway => AskSiloAsync(options with { Gateways = [gateway], ControlStore = null }, $"gateway {gateway}", context.Time, cancellationToken)).ToArray();
        var all = await Task.WhenAll(store.Concat(silos));
        return ([.. all.SelectMany(findings => findings)], options.TokenFile);
    }

    private static async Task<ImmutableArray<SetupFinding>> AskStoreAsync(string store, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(store) { Pooling = false, Timeout = (int)Patience.TotalSeconds };
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            var (ahead, margin) = await ServerReader.ClockAsync(connection, time, cancellationToken);
            return [Good(Store, $"answers at {settings.Host}, PostgreSQL {connection.PostgreSqlVersion}"), .. ClockFindings.Of(Store, ahead, margin)];
        }
        catch (NpgsqlException silent)
        {
            return [Problem(Store, $"does not answer at {settings.Host}: {silent.Message}", "drmesh store status; a local one starts with drmesh store start")];
        }
    }

    private static async Task<ImmutableArray<SetupFinding>> AskSiloAsync(DrMeshClientOptions options, string subject, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var mesh = await MeshConnection.OpenAsync(options with { ConnectTimeout = Patience }, time, cancellationToken);
            var before = time.GetUtcNow();
            var overview = await mesh.Grains.GetGrain<IMeshGrain>(0).GetOverview(cancellationToken);
            var margin = (time.GetUtcNow() - before) / 2;
            return [Good(subject, $"silo {overview.AnsweredBy} answers"), .. ClockFindings.Of($"silo {overview.AnsweredBy}", overview.At - before - margin, margin), .. Regions(overview), .. Versions(overview)];
        }
        catch (DrMeshException refused)
        {
            return [Problem(subject, refused.Message, refused.Hint)];
        }
    }

    private static IEnumerable<SetupFinding> Regions(MeshOverview overview) => overview.Regions
        .Where(region => region.Problem is not null)
        .Select(region => Problem($"region {region.Region}", region.Problem!, "drmesh status; start its silo with drmesh silo run"));

    private static IEnumerable<SetupFinding> Versions(MeshOverview overview)
    {
        var own = typeof(MeshCheckup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return overview.Regions.SelectMany(region => region.Silos)
            .Where(silo => silo.Version is { } version && version != own)
            .Select(silo => Problem($"silo {silo.Node}", $"runs version {silo.Version}, this console is {own}", "install the same version everywhere, one silo after another"));
    }

    private static SetupFinding Good(string subject, string message) => new() { Level = FindingLevel.Good, Area = Area, Subject = subject, Message = message };

    private static SetupFinding Problem(string subject, string message, string remedy) =>
        new() { Level = FindingLevel.Problem, Area = Area, Subject = subject, Message = message, Remedy = remedy };
}
