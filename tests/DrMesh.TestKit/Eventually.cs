using System.Diagnostics;

namespace DrMesh.TestKit;

/// <summary>Waits for a condition instead of sleeping; a time-out's message prints the state.</summary>
public static class Eventually
{
    /// <summary>Polls <paramref name="condition"/> every 50 ms until it holds; returns how long that took.</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="timeout"/>; the message ends with <paramref name="describe"/>.</exception>
    public static Task<TimeSpan> HoldsAsync(
        Func<Task<bool>> condition, TimeSpan timeout, Func<string> describe, CancellationToken cancellationToken = default) =>
        HoldsAsync(condition, timeout, () => Task.FromResult(describe()), cancellationToken);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan, Func{string}, CancellationToken)"/>
    public static async Task<TimeSpan> HoldsAsync(
        Func<Task<bool>> condition, TimeSpan timeout, Func<Task<string>> describe, CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await condition())
            {
                return Stopwatch.GetElapsedTime(started);
            }

            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new TimeoutException($"did not hold within {timeout.TotalSeconds} s: {await describe()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }
}
