namespace DrMesh.Grains.Traffic;

/// <summary>How patient a switch is.</summary>
public sealed class TrafficOptions
{
    /// <summary>How long a provider that does not answer is asked again before the switch ends.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long to wait until every authoritative server agrees.</summary>
    public TimeSpan VerifyWithin { get; set; } = TimeSpan.FromMinutes(2);
}
