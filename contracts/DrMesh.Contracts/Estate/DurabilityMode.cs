namespace DrMesh.Contracts.Estate;

/// <summary>Whether standbys of other regions must have a commit before it is acknowledged.</summary>
public enum DurabilityMode
{
    /// <summary><c>quorum</c>: yes; no acknowledged write is lost with the region.</summary>
    Quorum,

    /// <summary><c>async</c>: no; the lag is lost with the region, and a lease keeps a cut-off primary from writing.</summary>
    Async,
}
