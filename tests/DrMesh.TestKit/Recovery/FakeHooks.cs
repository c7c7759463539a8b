using System.Collections.Concurrent;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;

namespace DrMesh.TestKit.Recovery;

/// <summary>A fake of what hooks call. It knows a repetition by its id, as a receiver does.</summary>
public sealed class FakeHooks : IHookRunner
{
    private readonly ConcurrentDictionary<(string Hook, string Id), HookCall> _calls = new();

    /// <summary>The hook that fails; null: none does.</summary>
    public string? Failing { get; set; }

    /// <summary>What a hook was called with, repetitions once.</summary>
    public IReadOnlyList<HookCall> Of(string hook) => [.. _calls.Where(call => call.Key.Hook == hook).Select(call => call.Value)];

    /// <inheritdoc/>
    public Task<string> RunAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hook);
        ArgumentNullException.ThrowIfNull(call);
        if (hook.Name == Failing)
        {
            throw new DrMeshException(DrMeshError.HookFailed, $"hook {hook.Name} says no", "ask it why");
        }

        _calls.TryAdd((hook.Name, call.Id), call);
        return Task.FromResult("well");
    }

    /// <inheritdoc/>
    public Task<string> CaptureAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken) => throw new NotSupportedException("a failover captures nothing");
}
