using System.Collections.Immutable;
using System.CommandLine;
using DrMesh.Console.Commands.Doctor;
using DrMesh.Console.Commands.Estate;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using DrMesh.Core.Setup;

namespace DrMesh.Console.Commands.Init;

/// <summary><c>drmesh init</c>: an estate file that fits servers that run already.</summary>
internal static class InitCommand
{
    private static readonly Option<string[]> Servers = new("--server")
    {
        Description = "A PostgreSQL server of the cluster and its region; once a server. No password here: Passfile=, or PGPASSWORD",
        HelpName = "REGION[/NODE]=Host=…",
    };

    private static readonly Option<string?> Application = new("--application") { Description = "The application's name, and its cluster's", HelpName = "NAME" };
    private static readonly Option<string?> DnsName = new("--dns-name") { Description = "The name clients find the database by", HelpName = "NAME" };
    private static readonly Option<string?> DnsZone = new("--dns-zone") { Description = "Its zone; by default the name without its first label", HelpName = "ZONE" };
    private static readonly Option<string> DnsProvider = new("--dns-provider")
    {
        Description = "Who serves the zone: route53, or the address of PowerDNS's API", HelpName = "route53|URL", DefaultValueFactory = _ => "route53",
    };

    private static readonly Option<string?> Repository = new("--repository")
    {
        Description = "Where backups go: a directory of a node outside the primary's region, or s3://BUCKET/PREFIX?region=REGION", HelpName = "PLACE",
    };

    private static readonly Option<string?> Out = new("--out") { Description = "The file to write; - for the standard output. By default estate.yaml", HelpName = "FILE" };
    private static readonly Option<bool> Force = new("--force") { Description = "Write over a file that is there" };

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => runner.Run(
        new Command("init", "Look at running PostgreSQL servers and write an estate file that fits them; asks for what no option says") { Servers, Application, DnsName, DnsZone, DnsProvider, Repository, Out, Force },
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var questions = new InitQuestions(context);
        var addresses = questions.Servers(context.Arguments.GetValue(Servers) ?? []);
        var request = questions.Complete(new DraftRequest
        {
            Application = context.Arguments.GetValue(Application) ?? "",
            DnsName = context.Arguments.GetValue(DnsName),
            DnsZone = context.Arguments.GetValue(DnsZone),
            DnsProvider = context.Arguments.GetValue(DnsProvider)!,
            Repository = context.Arguments.GetValue(Repository),
        });
        var path = context.Arguments.GetValue(Out) ?? "estate.yaml";
        RefuseToOverwrite(path, context.Arguments.GetValue(Force));

        var shape = await LookAsync(addresses, context, cancellationToken);
        var draft = EstateDraft.Of(shape, request);
        var text = Text(draft);
        var reading = EstateReader.Read(text);
        if (reading.Document is null)
        {
            FindingsView.Write(context.Terminal, "the answers", reading.Findings);
            throw new DrMeshException(DrMeshError.UsageInvalid, "no valid estate follows from these answers; nothing was written", "correct the option whose value is named above");
        }

        if (path == "-")
        {
            context.Terminal.Output.Write(text);
        }
        else
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
            context.Show(new { file = path, shape.Primary!.Name, standbys = shape.Standbys.Select(standby => standby.Name), draft.Remaining }, _ => Tell(context, path, shape, draft));
        }

        return ExitCodes.Done;
    }

    private static async Task<ClusterShape> LookAsync(ImmutableArray<ServerAddress> addresses, CommandContext context, CancellationToken cancellationToken)
    {
        var looked = await ServerCheckup.LookAsync(addresses, context.Time, cancellationToken);
        if (looked.FirstOrDefault(look => look.Facts is null) is { } silent)
        {
            throw new DrMeshException(
                DrMeshError.PostgresConnectionLost,
                $"{silent.Server.Name} does not answer at {silent.Server.Connection.Host}:{silent.Server.Connection.Port}: {silent.Problem}",
                $"try it with psql -h {silent.Server.Connection.Host} -p {silent.Server.Connection.Port}");
        }

        if (looked.FirstOrDefault(look => look.Facts!.DataDirectory is null) is { } blind)
        {
            throw new DrMeshException(
                DrMeshError.PostgresUnfit, $"{blind.Facts!.User} may not see the data directory of {blind.Server.Name}", $"connect as a superuser, or: alter role \"{blind.Facts!.User}\" superuser;");
        }

        var shape = ClusterShape.Of([.. looked.Select(look => look.Facts!)]);
        return shape.Refusal is { } refusal ? throw new DrMeshException(DrMeshError.ClusterUnfit, refusal.Message, refusal.Remedy!) : shape;
    }

    private static void RefuseToOverwrite(string path, bool isForced)
    {
        if (path != "-" && !isForced && File.Exists(path))
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"{path} is there already", "name another file with --out, or write over it with --force");
        }
    }

    private static string Text(EstateDraft draft) => string.Concat(
        "# Written by drmesh init from what the servers said. infra/docs/estate.md explains every key.\n",
        draft.Remaining.IsEmpty ? "" : "#\n# Still to do:\n" + string.Concat(draft.Remaining.Select(task => $"# - {task}\n")),
        "\n",
        EstateWriter.Brief(draft.Estate));

    private static void Tell(CommandContext context, string path, ClusterShape shape, EstateDraft draft)
    {
        var output = context.Terminal.Output;
        output.WriteLine($"{shape.Primary!.Name} is the primary; {(shape.Standbys.IsEmpty ? "nobody follows" : $"{string.Join(", ", shape.Standbys.Select(standby => standby.Name))} {(shape.Standbys.Length == 1 ? "follows" : "follow")}")}");
        output.WriteLine($"{path} declares {FindingsView.Contents(draft.Estate)}");
        foreach (var task in draft.Remaining)
        {
            output.WriteLine($"to do: {task}");
        }

        output.WriteLine($"next: drmesh doctor --estate {path}, then drmesh estate apply {path}");
    }
}
