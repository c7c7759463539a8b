using DrMesh.Core.Estate.Reading;

namespace DrMesh.Core.Tests.Estate.BadInput;

/// <summary>A good estate with one slip in it.</summary>
internal sealed class BadEstate
{
    private const string Good =
        """
        regions:
          eu:
            nodes:
              a: { address: 10.1.0.1 }
          us:
            nodes:
              a: { address: 10.2.0.1 }
          ap:
            nodes:
              a: { address: 10.3.0.1 }
        policies:
          critical:
            rpo: 15m
            backup: { repositories: [cold] }
        repositories:
          cold:
            tier: cold
            s3: { bucket: shop, region: eu-central-1 }
            encryption: { keyFile: /etc/drmesh/key }
        clusters:
          orders:
            engine: postgresql
            policy: critical
            primaryRegion: eu
            durability:
              mode: quorum
            controlUser: { name: drmesh }
            replicationUser: { name: replicator }
            members:
              orders-eu: { node: eu/a, dataDirectory: /data }
              orders-us: { node: us/a, dataDirectory: /data }
              orders-ap: { node: ap/a, dataDirectory: /data }
        dnsProviders:
          own:
            powerdns: { url: "http://10.1.0.53:8081", apiKeyFile: /etc/drmesh/pdns }
        services:
          db:
            provider: own
            zone: example.com
            names: [db.example.com]
            ttl: 30s
            answers:
              eu: { values: [10.1.0.1] }
              us: { values: [10.2.0.1] }
              ap: { values: [10.3.0.1] }
        applications:
          shop:
            policy: critical
            clusters: [orders]
            services: [db]
        schedules:
          hourly:
            action: backup
            cron: "0 * * * *"
            application: shop

        """;

    private readonly string _text;

    private BadEstate(string text) => _text = text;

    /// <summary>The good estate with one passage, which is in it once, replaced.</summary>
    public static BadEstate With(string passage, string slip) => None().And(passage, slip);

    /// <summary>The same with another passage replaced.</summary>
    public BadEstate And(string passage, string slip)
    {
        _text.Split(passage).Length.ShouldBe(2, $"the passage must be in the estate once: {passage}");
        return new BadEstate(_text.Replace(passage, slip));
    }

    /// <summary>A text of its own.</summary>
    public static BadEstate Of(string text) => new(text);

    /// <summary>The good estate itself.</summary>
    public static BadEstate None() => new(Good);

    /// <summary>Holds the findings against exactly these, in this order.</summary>
    public void ShouldBeFoundAs(params string[] expected)
    {
        var reading = EstateReader.Read(_text);

        reading.Findings.Select(finding => finding.Describe("estate.yaml")).ShouldBe(expected);
        (reading.Document is null).ShouldBe(reading.Errors.Any());
    }
}
