using DrMesh.Contracts.Sessions;

namespace DrMesh.TestKit.Crash;

/// <summary>The start of a relay.</summary>
[Alias("drmesh.test.relay")]
public interface IRelayGrain : ISessionGrain
{
    /// <summary>Begins it.</summary>
    [Alias("Begin")]
    Task<StartResult> Begin(string[] parcels, bool asksFirst);
}
