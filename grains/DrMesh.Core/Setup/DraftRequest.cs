namespace DrMesh.Core.Setup;

/// <summary>What a person wants an estate to say beside what their servers tell.</summary>
public sealed record DraftRequest
{
    /// <summary>The application's name, and its cluster's.</summary>
    public required string Application { get; init; }

    /// <summary>The name clients find the database by; null: no service is declared.</summary>
    public string? DnsName { get; init; }

    /// <summary>The zone of <see cref="DnsName"/>; null: the name without its first label.</summary>
    public string? DnsZone { get; init; }

    /// <summary>Who serves the zone: <c>route53</c>, or the address of PowerDNS's API.</summary>
    public string DnsProvider { get; init; } = "route53";

    /// <summary>Where backups go: a directory, or <c>s3://BUCKET/PREFIX?region=REGION</c>; null: nowhere yet.</summary>
    public string? Repository { get; init; }

    /// <summary>The folder secrets are kept in on every node.</summary>
    public string SecretFolder { get; init; } = "/etc/drmesh/secrets";
}
