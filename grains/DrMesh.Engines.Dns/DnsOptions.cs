namespace DrMesh.Engines.Dns;

/// <summary>How patient this silo is with DNS providers. What the providers are stands in the estate.</summary>
public sealed class DnsOptions
{
    /// <summary>The longest one call of a provider may take.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest a provider may take to confirm a change (Route 53 says that it usually takes less than a minute).</summary>
    public TimeSpan ConfirmWithin { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How often a confirmation is asked for.</summary>
    public TimeSpan ConfirmEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest one authoritative server may take to answer.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
