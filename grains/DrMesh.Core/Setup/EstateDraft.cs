using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Setup;

/// <summary>A first estate for servers that were looked at, and what is still to be done by hand.</summary>
/// <param name="Estate">The estate.</param>
/// <param name="Remaining">What it takes for granted, one sentence each with what to type.</param>
public sealed partial record EstateDraft(EstateDocument Estate, ImmutableArray<string> Remaining)
{
    private const string Policy = "standard";
    private const string RepositoryName = "backups";

    /// <summary>Writes the estate of one cluster whose servers all have a <see cref="ServerFacts.Node"/>.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>: the repository or the zone is not usable.</exception>
    public static EstateDraft Of(ClusterShape shape, DraftRequest request)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(request);
        var remaining = ImmutableArray.CreateBuilder<string>();
        var primary = shape.Primary!;
        ImmutableArray<ServerFacts> servers = [primary, .. shape.Standbys];
        var home = primary.Node!.Value.Region;
        var elsewhere = shape.Standbys.Where(standby => standby.Node!.Value.Region != home).ToArray();
        var nodes = servers.GroupBy(server => server.Node!.Value).Select(same => same.First()).ToArray();
        var regions = nodes.GroupBy(server => server.Node!.Value.Region)
            .Select(region => new RegionDefinition
            {
                Name = region.Key,
                Nodes = [.. region.Select(server => new NodeDefinition { Name = server.Node!.Value.Name, Address = server.Host })],
            }).ToImmutableArray();
        var repository = request.Repository is { } place ? RepositoryAt(place, elsewhere.FirstOrDefault() ?? primary, remaining) : null;
        var cluster = Cluster(servers, elsewhere.Length, request, remaining);
        var service = request.DnsName is { } name ? Service(name, nodes, request, remaining) : null;
        var estate = new EstateDocument
        {
            Regions = regions,
            Policies = [PolicyFor(elsewhere.Length, regions.Length, repository)],
            Repositories = repository is null ? [] : [repository],
            Clusters = [cluster],
            DnsProviders = service is null ? [] : [Provider(service.Provider, request)],
            Services = service is null ? [] : [service],
            Applications =
            [
                new ApplicationDefinition
                {
                    Name = request.Application,
                    Policy = Policy,
                    Clusters = [cluster.Name],
                    Services = service is null ? [] : [service.Name],
                },
            ],
            Schedules = repository is null
                ? []
                : [new ScheduleDefinition { Name = $"{request.Application}-daily", Action = ScheduledAction.Backup, Cron = "15 1 * * *", Application = request.Application }],
        };
        return new EstateDraft(estate, remaining.ToImmutable());
    }

    // Three regions can tell a lost region from a lost link, two cannot: there a person starts the failover. With one standby elsewhere its loss must not stop writes.
    private static PolicyDefinition PolicyFor(int elsewhere, int regions, RepositoryDefinition? repository)
    {
        var automatic = elsewhere >= 2 && regions >= 3;
        return new PolicyDefinition
        {
            Name = Policy,
            Rpo = elsewhere >= 2 ? TimeSpan.Zero : TimeSpan.FromMinutes(1),
            Rto = automatic ? TimeSpan.FromMinutes(2) : TimeSpan.FromMinutes(15),
            Failover = new FailoverPolicy
            {
                Strategy = automatic ? FailoverStrategy.Automatic : elsewhere > 0 ? FailoverStrategy.HotStandby : FailoverStrategy.Manual,
            },
            Backup = new BackupPolicy { Repositories = repository is null ? [] : [repository.Name] },
        };
    }

    private static PostgreSqlCluster Cluster(ImmutableArray<ServerFacts> servers, int elsewhere, DraftRequest request, ImmutableArray<string>.Builder remaining)
    {
        var primary = servers[0];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var members = servers.Select(server =>
        {
            var node = server.Node!.Value;
            var called = server.IsStandby ? ClusterShape.NameOf(server) : null;
            // What every standby is called that was given no name of its own would not tell them apart.
            var keeps = called is not (null or "walreceiver") && TextFormat.Name.Check(called) is null && names.Add(called);
            var name = keeps ? called! : FreeName($"{request.Application}-{node.Region}", names);
            if (server.IsStandby && !keeps)
            {
                remaining.Add(
                    $"{node} calls itself {called ?? "by no name that may be seen"} towards its primary; a commit waits for it only as {name}. On it: "
                    + $"alter system set primary_conninfo = '… application_name={name}'; select pg_reload_conf();");
            }

            return new PostgreSqlMember { Name = name, Node = node, Port = server.Port, DataDirectory = server.DataDirectory! };
        }).ToImmutableArray();
        var control = new DatabaseUser { Name = primary.User, PasswordFile = PasswordFile(primary.User, servers.Any(server => server.UsesPassword), request, remaining) };
        return new PostgreSqlCluster
        {
            Name = new ClusterId(request.Application),
            Policy = Policy,
            PrimaryRegion = primary.Node!.Value.Region,
            Tls = servers.All(server => server.IsEncrypted) ? TlsMode.Require : TlsMode.Disable,
            Durability = elsewhere switch
            {
                0 => new DurabilityDefinition { Mode = DurabilityMode.Async },
                1 => new DurabilityDefinition { Mode = DurabilityMode.Quorum, WhenQuorumLost = QuorumLost.Async },
                _ => new DurabilityDefinition { Mode = DurabilityMode.Quorum },
            },
            Database = primary.Database,
            ControlUser = control,
            ReplicationUser = ReplicationUser(servers, control, request, remaining),
            Members = members,
        };
    }

    private static DatabaseUser ReplicationUser(ImmutableArray<ServerFacts> servers, DatabaseUser control, DraftRequest request, ImmutableArray<string>.Builder remaining)
    {
        var standby = servers.FirstOrDefault(server => server.Upstream.ContainsKey("user"));
        var name = standby?.Upstream["user"] ?? servers[0].ReplicationRoles.FirstOrDefault(role => role != control.Name) ?? control.Name;
        if (name == control.Name)
        {
            return control;
        }

        var usesPassword = standby is not null && (standby.Upstream.ContainsKey("password") || standby.Upstream.ContainsKey("passfile"));
        return new DatabaseUser { Name = name, PasswordFile = PasswordFile(name, usesPassword, request, remaining) };
    }

    private static string? PasswordFile(string role, bool isUsed, DraftRequest request, ImmutableArray<string>.Builder remaining)
    {
        if (!isUsed)
        {
            return null;
        }

        var file = $"{request.SecretFolder}/{role}";
        remaining.Add($"put the password of the role {role} into {file} on every node, readable by the silo's user alone: install -m 600 /dev/stdin {file}");
        return file;
    }

    private static RepositoryDefinition RepositoryAt(string place, ServerFacts holder, ImmutableArray<string>.Builder remaining)
    {
        var keyFile = "/etc/drmesh/repository.key";
        remaining.Add($"make the repository's key, copy it to every node and keep a copy outside of all regions: drmesh repo keygen {keyFile}");
        var encryption = new RepositoryEncryption { KeyFile = keyFile };
        if (place.StartsWith('/'))
        {
            return new RepositoryDefinition
            {
                Name = RepositoryName, Tier = RepositoryTier.Warm, Local = new LocalStore { Node = holder.Node!.Value, Directory = place }, Encryption = encryption,
            };
        }

        if (S3Address().Match(place) is { Success: true } address)
        {
            return new RepositoryDefinition
            {
                Name = RepositoryName,
                Tier = RepositoryTier.Cold,
                S3 = new S3Store
                {
                    Bucket = address.Groups["bucket"].Value,
                    Prefix = address.Groups["prefix"].Value is { Length: > 0 } prefix ? prefix : null,
                    Region = address.Groups["region"].Value,
                },
                Encryption = encryption,
            };
        }

        throw new DrMeshException(DrMeshError.UsageInvalid, $"\"{place}\" is no place for backups", "give an absolute directory, or s3://BUCKET/PREFIX?region=REGION");
    }

    private static ServiceDefinition Service(string name, IReadOnlyList<ServerFacts> nodes, DraftRequest request, ImmutableArray<string>.Builder remaining)
    {
        var first = name.IndexOf('.', StringComparison.Ordinal);
        var zone = request.DnsZone ?? (first < 0 ? name : name[(first + 1)..]);
        var homes = nodes.GroupBy(server => server.Node!.Value.Region).Select(region => region.First()).ToArray();
        var families = homes.Select(server => IPAddress.TryParse(server.Host, out var address) ? address.AddressFamily : AddressFamily.Unspecified).Distinct().ToArray();
        var record = families is [AddressFamily.InterNetwork] ? DnsRecordType.A : families is [AddressFamily.InterNetworkV6] ? DnsRecordType.Aaaa : DnsRecordType.Cname;
        if (record == DnsRecordType.Cname && families.Length > 1)
        {
            remaining.Add($"name all servers by addresses or all by host names: {name} answers with records of one type");
        }

        if (homes.FirstOrDefault(server => server.Host == "localhost" || (IPAddress.TryParse(server.Host, out var address) && IPAddress.IsLoopback(address))) is { } loopback)
        {
            remaining.Add($"{loopback.Host} is reached from its own machine only; name addresses that clients of every region reach");
        }

        return new ServiceDefinition
        {
            Name = $"{request.Application}-db",
            Provider = request.DnsProvider == "route53" ? "route53" : "powerdns",
            Zone = zone,
            Names = [name],
            Record = record,
            Answers = [.. homes.Select(server => new ServiceAnswer { Region = server.Node!.Value.Region, Values = [server.Host] })],
        };
    }

    private static DnsProviderDefinition Provider(string name, DraftRequest request) => request.DnsProvider == "route53"
        ? new DnsProviderDefinition { Name = name, Route53 = new Route53Provider() }
        : new DnsProviderDefinition { Name = name, Powerdns = new PowerDnsProvider { Url = request.DnsProvider, ApiKeyFile = $"{request.SecretFolder}/powerdns" } };

    private static string FreeName(string wanted, HashSet<string> taken)
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
        {
            name = $"{wanted}-{number}";
        }

        return name;
    }

    [GeneratedRegex(@"^s3://(?<bucket>[^/?]+)(/(?<prefix>[^?]*))?\?region=(?<region>[^&]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex S3Address();
}
