namespace DrMesh.Engines.Repository.Packs;

/// <summary>
/// Part buffers, reused. Whoever adds chunks waits here while more than <paramref name="limit"/> of them are on their way: a store that is slower than the callers slows them down.
/// </summary>
internal sealed class PartPool(int limit)
{
    private readonly Lock _lock = new();
    private readonly Stack<PartBuffer> _free = new();
    private TaskCompletionSource? _roomMade;
    private int _taken;

    public PartBuffer Take()
    {
        lock (_lock)
        {
            _taken++;
            return _free.TryPop(out var part) ? part : new PartBuffer(this);
        }
    }

    public void Return(PartBuffer part)
    {
        TaskCompletionSource? roomMade = null;
        lock (_lock)
        {
            _taken--;
            _free.Push(part);
            if (_taken <= limit)
            {
                (roomMade, _roomMade) = (_roomMade, null);
            }
        }

        roomMade?.SetResult();
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_taken <= limit)
            {
                return ValueTask.CompletedTask;
            }

            _roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_roomMade.Task.WaitAsync(cancellationToken));
        }
    }
}
