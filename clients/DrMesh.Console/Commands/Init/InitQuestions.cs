using System.Collections.Immutable;
using DrMesh.Console.Commands.Doctor;
using DrMesh.Console.Output;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Setup;
using Spectre.Console;

namespace DrMesh.Console.Commands.Init;

/// <summary>Asks a person for what no option said. Without one in front, what cannot be done without is a usage error and the rest is left out.</summary>
internal sealed class InitQuestions(CommandContext context)
{
    private bool CanAsk => context.Terminal.IsInteractive && context.Format == OutputFormat.Text;

    /// <summary>The servers: those given, or those typed one after another.</summary>
    public ImmutableArray<ServerAddress> Servers(IReadOnlyList<string> given)
    {
        var servers = given.Select(text => Checked(ServerAddress.Parse(text))).ToList();
        if (servers.Count == 0 && !CanAsk)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, "no server is given", "add --server 'eu-west-1=Host=10.1.0.5;Username=drmesh' for each server of the cluster");
        }

        while (given.Count == 0)
        {
            var region = Ask(servers.Count == 0 ? "Region of the first server, for example eu-west-1:" : "Region of the next server (nothing: that is all):", isOptional: servers.Count > 0);
            if (region is null)
            {
                break;
            }

            var connection = Ask("How to connect to it, for example Host=10.1.0.5;Username=drmesh;Passfile=/etc/drmesh/pgpass:", isOptional: false)!;
            servers.Add(Checked(ServerAddress.Parse($"{region}={connection}")));
        }

        return Numbered(servers);
    }

    /// <summary>The rest.</summary>
    public DraftRequest Complete(DraftRequest request)
    {
        if (request.Application.Length == 0)
        {
            request = request with { Application = CanAsk ? Ask("Name of the application these servers serve:", isOptional: false)! : "main" };
        }

        if (!CanAsk)
        {
            return request;
        }

        return request with
        {
            DnsName = request.DnsName ?? Ask("DNS name clients find the database by (nothing: none):", isOptional: true),
            Repository = request.Repository ?? Ask("Directory or s3:// address for backups (nothing: none yet):", isOptional: true),
        };
    }

    private string? Ask(string question, bool isOptional)
    {
        var prompt = new TextPrompt<string>(Markup.Escape(question));
        if (isOptional)
        {
            prompt.AllowEmpty();
        }

        return context.Terminal.Console.Prompt(prompt).Trim() is { Length: > 0 } answer ? answer : null;
    }

    private static ServerAddress Checked(ServerAddress server)
    {
        if (server.Node is null)
        {
            throw new DrMeshException(DrMeshError.UsageInvalid, $"the region of {server.Name} is not given", $"write --server 'REGION=Host={server.Connection.Host};…'");
        }

        return server.Connection.Host!.StartsWith('/')
            ? throw new DrMeshException(DrMeshError.UsageInvalid, $"{server.Connection.Host} is a socket of this machine", "name the host or address at which the other regions reach the server")
            : server;
    }

    // A region's second server is its node db2, unless its node was named.
    private static ImmutableArray<ServerAddress> Numbered(IEnumerable<ServerAddress> servers)
    {
        var taken = new HashSet<NodeId>();
        return
        [
            .. servers.Select(server =>
            {
                var node = server.Node!.Value;
                for (var number = 2; !taken.Add(node); number++)
                {
                    node = node with { Name = $"db{number}" };
                }

                return server with { Node = node };
            }),
        ];
    }
}
