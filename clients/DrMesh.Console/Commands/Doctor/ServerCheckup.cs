using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Setup;
using Npgsql;

namespace DrMesh.Console.Commands.Doctor;

/// <summary>Looks at database servers, each by itself and those of one cluster together.</summary>
internal static class ServerCheckup
{
    /// <summary>The findings of servers that a command line names, which are taken for one cluster.</summary>
    public static async Task<ImmutableArray<SetupFinding>> OfGivenAsync(
        IReadOnlyList<ServerAddress> servers, MachineFacts machine, TimeProvider time, CancellationToken cancellationToken)
    {
        var looked = await LookAsync(servers, time, cancellationToken);
        return [.. looked.SelectMany(one => Findings(one, servers.Count, machine)), .. Together(looked)];
    }

    /// <summary>The findings of one cluster's servers.</summary>
    public static async Task<ImmutableArray<SetupFinding>> OfClusterAsync(
        EstateDocument estate, PostgreSqlCluster cluster, MachineFacts machine, TimeProvider time, CancellationToken cancellationToken)
    {
        var addresses = cluster.Members.Select(member => DeclaredServer.Address(estate, cluster, member)).ToArray();
        var looked = await LookAsync(addresses, time, cancellationToken);
        return
        [
            .. looked.Zip(cluster.Members).SelectMany(pair => Findings(pair.First, addresses.Length, machine)
                .Concat(pair.First.Facts is { } facts ? DeclaredServerFindings.Of(cluster, pair.Second, facts) : [])),
            .. Together(looked),
        ];
    }

    /// <summary>Asks all at once.</summary>
    public static Task<Look[]> LookAsync(IEnumerable<ServerAddress> servers, TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAll(servers.Select(server => LookAsync(server, time, cancellationToken)));

    private static async Task<Look> LookAsync(ServerAddress server, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return new Look(server, await ServerReader.ReadAsync(server, time, cancellationToken), null);
        }
        catch (Exception silent) when (silent is NpgsqlException or TimeoutException or IOException or ArgumentException)
        {
            return new Look(server, null, (silent.InnerException ?? silent).Message.ReplaceLineEndings(" "));
        }
    }

    private static IEnumerable<SetupFinding> Findings(Look look, int members, MachineFacts machine) => look.Facts is { } facts
        ? ServerFindings.Of(facts, members).Concat(MachineFindings.Beside(machine, facts))
        :
        [
            new SetupFinding
            {
                Level = FindingLevel.Problem,
                Area = "connectivity",
                Subject = look.Server.Name,
                Message = $"does not answer at {look.Server.Connection.Host}:{look.Server.Connection.Port}: {look.Problem}",
                Remedy = $"psql -h {look.Server.Connection.Host} -p {look.Server.Connection.Port} -U {look.Server.Connection.Username} postgres; then look at listen_addresses, pg_hba.conf and the firewall",
            },
        ];

    private static ImmutableArray<SetupFinding> Together(Look[] looked) => looked.Length > 0 && looked.All(look => look.Facts is not null)
        ? ClusterShape.Of([.. looked.Select(look => look.Facts!)]).Findings
        : [];

    /// <summary>What asking one server gave.</summary>
    internal sealed record Look(ServerAddress Server, ServerFacts? Facts, string? Problem);
}
