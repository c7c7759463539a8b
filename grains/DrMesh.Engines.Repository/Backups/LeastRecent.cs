namespace DrMesh.Engines.Repository.Backups;

/// <summary>Keeps the values asked for last; several callers for one key wait for one load. A load that failed is not kept.</summary>
internal sealed class LeastRecent<TKey, TValue>(int capacity, Func<TKey, CancellationToken, Task<TValue>> load)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, Task<TValue> Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, Task<TValue> Value)> _order = [];

    public Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                _order.Remove(node);
                if (!node.Value.Value.IsFaulted && !node.Value.Value.IsCanceled)
                {
                    _order.AddFirst(node);
                    return node.Value.Value;
                }
            }

            // The load is shared, so one caller's cancellation must not end it for the others.
            var value = load(key, CancellationToken.None);
            _nodes[key] = _order.AddFirst((key, value));
            while (_order.Count > capacity)
            {
                _nodes.Remove(_order.Last!.Value.Key);
                _order.RemoveLast();
            }

            return value.WaitAsync(cancellationToken);
        }
    }
}
