namespace DrMesh.Grains.Sessions;

/// <summary>Lets one input of a session in at a time, in the order they came. Used on one scheduler only.</summary>
internal sealed class InputQueue
{
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when it is the caller's turn; disposing what it returns ends the turn.</summary>
    public async Task<IDisposable> TakeTurnAsync()
    {
        var turn = new Turn();
        var before = _last;
        _last = turn.Over.Task;
        await before;
        return turn;
    }

    private sealed class Turn : IDisposable
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Over.TrySetResult();
    }
}
