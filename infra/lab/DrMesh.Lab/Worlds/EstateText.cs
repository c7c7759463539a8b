namespace DrMesh.Lab.Worlds;

/// <summary>The estate file of a world: what a person would write for these servers, with fast detection.</summary>
internal static class EstateText
{
    /// <summary>The application, the cluster, the service, the file tree.</summary>
    public const string Application = "shop";

    /// <summary>The cluster's name.</summary>
    public const string Cluster = "orders";

    /// <summary>The service's name.</summary>
    public const string Service = "orders-db";

    /// <summary>The policy's recovery time objective, in seconds.</summary>
    public const int RtoSeconds = 30;

    /// <summary>The policy's recovery point objective, in seconds.</summary>
    public const int RpoSeconds = 0;

    /// <summary>Writes it.</summary>
    public static string Of(WorldFolder folder, IReadOnlyList<WorldRegion> regions, Databases databases, NameServer names, string apiKeyFile, string keyFile) => $$"""
        version: 1
        title: three regions on one machine

        regions:
        {{string.Join('\n', regions.Select(region => $"  {region.Id}: {{ title: {region.Title}, nodes: {{ {region.Node.Name}: {{ address: {region.Address} }} }} }}"))}}

        policies:
          critical:
            rpo: {{RpoSeconds}}s
            rto: {{RtoSeconds}}s
            failover: { strategy: automatic, holdTime: 10s, maxPerHour: 20 }
            detection: { probeEvery: 250ms, probeTimeout: 1s, downAfter: 1500ms }
            backup: { repositories: [vault], compressionLevel: 1 }

        repositories:
          vault:
            tier: warm
            local: { node: {{regions[^1].Node}}, directory: {{folder.Vault}} }
            encryption: { keyFile: {{keyFile}} }

        clusters:
          {{Cluster}}:
            engine: postgresql
            policy: critical
            primaryRegion: {{regions[0].Id}}
            tls: disable
            durability: { mode: quorum, acknowledgements: 1 }
            controlUser: { name: {{Databases.ControlRole}}, passwordFile: {{databases.PasswordFile(Databases.ControlRole)}} }
            replicationUser: { name: {{Databases.ReplicationRole}}, passwordFile: {{databases.PasswordFile(Databases.ReplicationRole)}} }
            members:
        {{string.Join('\n', regions.Select(region => $"      {region.Member}: {{ node: {region.Node}, port: {databases.Port}, dataDirectory: {region.Instance.DataDirectory} }}"))}}

        fileTrees:
          uploads:
            policy: critical
            primaryRegion: {{regions[0].Id}}
            members:
        {{string.Join('\n', regions.Take(2).Select(region => $"      uploads-{region.Part}: {{ node: {region.Node}, path: {region.Files} }}"))}}

        dnsProviders:
          own:
            powerdns: { url: {{names.Api.OriginalString}}, apiKeyFile: {{apiKeyFile}} }
            authoritativeServers: ["{{names.EndPoint}}"]

        services:
          {{Service}}:
            cluster: {{Cluster}}
            provider: own
            zone: {{NameServer.Zone}}
            names: [{{NameServer.ServiceName}}]
            ttl: 1s
            answers:
        {{string.Join('\n', regions.Select(region => $"      {region.Id}: {{ values: [{region.Address}] }}"))}}

        applications:
          {{Application}}:
            policy: critical
            clusters: [{{Cluster}}]
            fileTrees: [uploads]
            services: [{{Service}}]

        """;
}
