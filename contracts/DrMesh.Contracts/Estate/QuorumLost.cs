namespace DrMesh.Contracts.Estate;

/// <summary>What writes do when too few standbys are left to acknowledge them.</summary>
public enum QuorumLost
{
    /// <summary><c>wait</c>: they wait until enough are back; nothing is ever lost.</summary>
    Wait,

    /// <summary><c>async</c>: they go on as in <see cref="DurabilityMode.Async"/>, with an alert.</summary>
    Async,
}
