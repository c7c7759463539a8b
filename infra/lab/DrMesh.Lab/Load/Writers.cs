namespace DrMesh.Lab.Load;

/// <summary>Several writers at once, until disposed.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Writer> _writers;
    private readonly Task _running;
    private readonly TimeProvider _time;

    private Writers(List<Writer> writers, TimeSpan pace, TimeProvider time)
    {
        (_writers, _time) = (writers, time);
        _running = Task.WhenAll(writers.Select(writer => Task.Run(() => writer.RunAsync(pace, _stop.Token))));
    }

    /// <summary>Starts <paramref name="count"/> of them. The table must be there.</summary>
    /// <param name="count">How many.</param>
    /// <param name="names">How they find the database.</param>
    /// <param name="connectionTo">How they connect to the address that was found.</param>
    /// <param name="pace">The pause between two rows of one writer.</param>
    /// <param name="time">The clock of their logs.</param>
    public static Writers Start(int count, NameLookup names, Func<string, string> connectionTo, TimeSpan pace, TimeProvider time) =>
        new([.. Enumerable.Range(1, count).Select(number => new Writer(number, names.AskAsync, connectionTo, time))], pace, time);

    /// <summary>Everything they tried so far.</summary>
    public IReadOnlyList<RowWrite> Log => [.. _writers.SelectMany(writer => writer.Log)];

    /// <summary>How many rows are acknowledged so far.</summary>
    public int Acknowledged => _writers.Sum(writer => writer.Acknowledged);

    /// <summary>Waits until a row sent after <paramref name="moment"/> is acknowledged.</summary>
    public async Task WriteAgainAsync(long moment, CancellationToken cancellationToken)
    {
        while (_writers.All(writer => writer.LastAcknowledged < moment))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken);
        }
    }

    /// <summary>Stops them and waits for their last answers.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
