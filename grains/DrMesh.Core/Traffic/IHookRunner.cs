using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Traffic;

/// <summary>Calls the outside: CDN origins, external endpoints, people who must be told.</summary>
public interface IHookRunner
{
    /// <summary>
    /// Runs a hook with a call's facts and returns when it said that it succeeded (HTTP 2xx, exit code 0). A try that fails or takes longer than
    /// <see cref="HookDefinition.Timeout"/> is repeated up to <see cref="HookDefinition.Retries"/> times, with the same <see cref="HookCall.Id"/>,
    /// by which the receiver knows a repetition.
    /// </summary>
    /// <returns>The last of what the hook said, for the record.</returns>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.HookFailed"/> with what the last try said.</exception>
    Task<string> RunAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken);

    /// <summary>As <see cref="RunAsync"/>, for a hook that hands something out: a webhook's whole answer, a program's whole standard output.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.HookFailed"/> with what the last try said.</exception>
    Task<string> CaptureAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken);
}
