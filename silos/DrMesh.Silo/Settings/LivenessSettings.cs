namespace DrMesh.Silo.Settings;

/// <summary>How soon a silent silo counts as dead. What the defaults are and why: <see cref="Wiring.Liveness"/>.</summary>
internal sealed record LivenessSettings
{
    /// <summary>How long a probe waits for its answer, and the time between two probes.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many probes in a row must fail before a silo votes another dead.</summary>
    public int MissedProbes { get; init; } = 3;

    /// <summary>How many silos must agree.</summary>
    public int Votes { get; init; } = 2;
}
