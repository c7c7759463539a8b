namespace DrMesh.Console.Output;

/// <summary>
/// Shows how far a long work on bytes is: done, rate and time left, on standard error, at most twice a second and only to a person.
/// </summary>
internal sealed class ByteProgress<T>(Terminal terminal, TimeProvider time, string what, Func<T, (long Done, long Total)> read) : IProgress<T>, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private long _shown;
    private bool _isShown;

    /// <inheritdoc/>
    public void Report(T value)
    {
        if (!terminal.IsInteractive)
        {
            return;
        }

        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_isShown && time.GetElapsedTime(_shown, now) < Every)
            {
                return;
            }

            _shown = now;
            _isShown = true;
            var (done, total) = read(value);
            var seconds = time.GetElapsedTime(_started, now).TotalSeconds;
            var rate = seconds > 0 ? done / seconds : 0;
            var left = rate > 0 && total > done ? $", {Ago.Duration(TimeSpan.FromSeconds((total - done) / rate))} left" : "";
            terminal.Error.Write($"\r{what}: {Bytes.Text(done)} of {Bytes.Text(total)}, {Bytes.Text((long)rate)}/s{left}\u001b[K");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShown)
        {
            terminal.Error.Write("\r\u001b[K");
        }
    }
}
