using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.Hooks;

/// <inheritdoc/>
internal sealed class HookRunner(TimeProvider time, ILogger<HookRunner> logger) : IHookRunner, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Each try has the hook's own limit.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public async Task<string> RunAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken) =>
        (await RunTriesAsync(hook, call, cancellationToken)).Words;

    /// <inheritdoc/>
    public async Task<string> CaptureAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken) =>
        (await RunTriesAsync(hook, call, cancellationToken)).Output;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HookOutcome> RunTriesAsync(HookDefinition hook, HookCall call, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(call, Json);
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TryAsync(hook, call.Id, body, cancellationToken);
            if (outcome.IsDone)
            {
                logger.HookDone(hook.Name, call.Id, attempt, outcome.Words);
                return outcome;
            }

            logger.HookTryFailed(hook.Name, call.Id, attempt, outcome.Words);
            if (outcome.IsFinal || attempt > hook.Retries)
            {
                throw new DrMeshException(
                    DrMeshError.HookFailed,
                    $"hook {hook.Name} did not succeed after {attempt} {(attempt == 1 ? "try" : "tries")}: {outcome.Words}",
                    hook.Webhook is { } webhook ? $"see what answers at {webhook.Url}" : $"run {hook.Command?.Program} by hand with the call on its standard input");
            }

            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<HookOutcome> TryAsync(HookDefinition hook, string id, string body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(hook.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return hook switch
            {
                { Webhook: { } webhook } => await WebhookTry.RunAsync(_http, webhook, id, body, time.GetUtcNow(), both.Token),
                { Command: { } command } => await CommandTry.RunAsync(command, body, both.Token),
                _ => HookOutcome.Final("it names neither a webhook nor a command"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HookOutcome.Failed($"no answer within {hook.Timeout.TotalSeconds:0.#} s");
        }
    }
}
