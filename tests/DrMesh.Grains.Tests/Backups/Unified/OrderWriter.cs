using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>When one order was begun and done, by the machine's clock.</summary>
internal sealed record WrittenOrder(long Id, DateTimeOffset Begun, DateTimeOffset Done);

/// <summary>
/// Many threads that write orders without end, hundreds a second. Each order exists as a row, a document and a file, which name each other; which is written first changes from one to the next.
/// </summary>
internal sealed class OrderWriter : IAsyncDisposable
{
    // Some orders are under way at any moment; without a pause it is the machine's speed that says how many ten thousand files a test restores and removes.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly ShopWorld _world;
    private readonly MongoClient _mongo;
    private readonly Task[] _threads;
    private long _last;

    public OrderWriter(ShopWorld world, int threads)
    {
        _world = world;
        _mongo = new MongoClient(world.Set.ConnectionString);
        _threads = [.. Enumerable.Range(0, threads).Select(_ => Task.Run(WriteAllAsync))];
    }

    /// <summary>The orders that are done.</summary>
    public ConcurrentDictionary<long, WrittenOrder> Written { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_threads);
        _mongo.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAllAsync()
    {
        await using var connection = new NpgsqlConnection(_world.Server.ConnectionString);
        await connection.OpenAsync();
        var carts = _mongo.GetDatabase("shop").GetCollection<BsonDocument>("carts").WithWriteConcern(WriteConcern.WMajority);
        while (!_stop.IsCancellationRequested)
        {
            await _world.Hooks.WriteAsync(async () =>
            {
                var id = Interlocked.Increment(ref _last);
                var begun = TimeProvider.System.GetUtcNow();
                Func<Task>[] writes =
                [
                    async () =>
                    {
                        await using var insert = new NpgsqlCommand("insert into orders values ($1, $2, $1)", connection) { Parameters = { new() { Value = id }, new() { Value = $"{id}" } } };
                        await insert.ExecuteNonQueryAsync();
                    },
                    () => carts.InsertOneAsync(new BsonDocument { { "_id", id }, { "order", id }, { "file", $"{id}" } }),
                    () => File.WriteAllTextAsync(Path.Combine(_world.Tree, $"{id}"), $"{id} {id}"),
                ];
                for (var turn = 0; turn < writes.Length; turn++)
                {
                    await writes[(turn + id) % writes.Length]();
                }

                Written[id] = new WrittenOrder(id, begun, TimeProvider.System.GetUtcNow());
            });
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
