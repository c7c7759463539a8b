namespace DrMesh.Contracts.Traffic;

/// <summary>How far a switch is. The first three are passed in this order; the others are ends.</summary>
[GenerateSerializer, Alias("drmesh.traffic-phase")]
public enum TrafficPhase
{
    /// <summary>The order is recorded; the record sets are being changed (in health mode: the answers of the silos).</summary>
    Changing = 0,

    /// <summary>The provider has the change and is asked until it says that all its servers have it.</summary>
    Confirming = 1,

    /// <summary>Every authoritative server is asked.</summary>
    Verifying = 2,

    /// <summary>The names answer with the wanted region on every authoritative server.</summary>
    Switched = 10,

    /// <summary>The provider made the change, and not every authoritative server was seen to answer with it; <see cref="TrafficOperation.Detail"/> says which.</summary>
    Degraded = 11,

    /// <summary>Nothing was changed.</summary>
    Refused = 12,

    /// <summary>It did not come to an end; <see cref="TrafficOperation.Detail"/> says what is changed and what is not.</summary>
    Failed = 13,
}
