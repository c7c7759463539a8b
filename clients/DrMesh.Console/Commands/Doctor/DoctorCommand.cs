using System.Collections.Immutable;
using System.CommandLine;
using DrMesh.Console.Commands.Estate;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Setup;

namespace DrMesh.Console.Commands.Doctor;

/// <summary><c>drmesh doctor</c>: what is wrong here, and what to type.</summary>
internal static class DoctorCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var servers = new Option<string[]>("--server")
        {
            Description = "A PostgreSQL server to look at; repeat it for the servers of one cluster. No password here: Passfile=, or PGPASSWORD",
            HelpName = "[REGION[/NODE]=]Host=…",
        };
        var estate = new Option<string?>("--estate") { Description = "Look at the servers of this estate file", HelpName = "FILE" };
        var all = new Option<bool>("--all") { Description = "Name what is as it should be, too" };
        return runner.Run(
            new Command("doctor", "What is wrong with this machine, the mesh and the database servers, and what to type; exit code 1: something is") { servers, estate, all },
            async (context, token) =>
            {
                var addresses = (context.Arguments.GetValue(servers) ?? []).Select(ServerAddress.Parse).ToArray();
                var file = context.Arguments.GetValue(estate) is { } path ? await EstateFile.ReadAsync(path, context.Terminal.Input, token) : null;
                var (mesh, tokenFile) = await MeshCheckup.RunAsync(context, token);
                var machine = MachineReader.Read(Secrets(file?.Reading.Document, tokenFile));
                ImmutableArray<SetupFinding> findings =
                [
                    .. MachineFindings.Of(machine),
                    .. mesh,
                    .. await ServerCheckup.OfGivenAsync(addresses, machine, context.Time, token),
                    .. file is null ? [] : await OfEstateAsync(file, machine, context.Time, token),
                ];
                var isHealthy = findings.All(finding => finding.Level != FindingLevel.Problem);
                context.Show(new { isHealthy, findings }, console => DoctorView.Write(context.Terminal, findings, context.Arguments.GetValue(all)));
                return isHealthy ? ExitCodes.Done : ExitCodes.Failed;
            });
    }

    private static async Task<ImmutableArray<SetupFinding>> OfEstateAsync(EstateFile file, MachineFacts machine, TimeProvider time, CancellationToken cancellationToken)
    {
        if (file.Reading.Document is not { } estate)
        {
            return [Problem(file.Name, $"is no valid estate: {FindingsView.Count(file.Reading.Findings)}", $"drmesh estate validate {file.Name}")];
        }

        var findings = new List<SetupFinding>();
        foreach (var cluster in estate.Clusters.OfType<PostgreSqlCluster>())
        {
            try
            {
                findings.AddRange(await ServerCheckup.OfClusterAsync(estate, cluster, machine, time, cancellationToken));
            }
            catch (DrMeshException unusable) when (unusable.Code == DrMeshError.ConfigurationInvalid)
            {
                findings.Add(Problem($"cluster {cluster.Name}", unusable.Message, unusable.Hint));
            }
        }

        return [.. findings];
    }

    private static IEnumerable<string> Secrets(EstateDocument? estate, string? tokenFile)
    {
        var clusters = estate?.Clusters.OfType<PostgreSqlCluster>() ?? [];
        return clusters.SelectMany(cluster => new[] { cluster.ControlUser.PasswordFile, cluster.ReplicationUser.PasswordFile, cluster.PatroniUser?.PasswordFile })
            .Concat(estate?.Repositories.Select(repository => repository.Encryption?.KeyFile) ?? [])
            .Append(tokenFile)
            .OfType<string>();
    }

    private static SetupFinding Problem(string subject, string message, string remedy) =>
        new() { Level = FindingLevel.Problem, Area = "estate", Subject = subject, Message = message, Remedy = remedy };
}
