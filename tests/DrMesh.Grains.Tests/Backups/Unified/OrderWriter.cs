using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace DrMesh.Grains.Tests.Backups.Unified;

/// <summary>When one order was begun and done, by the machine's clock.</summary>
internal sealed record WrittenOrder(long Id, DateTimeOffset Begun, DateTimeOffset Done);

/// <summary>
/// Many threads that write orders without end. Each order exists as a row, a document and a file, which name each other; which is written first changes from one to the next.
/// </summary>
internal sealed class OrderWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ShopWorld _world;
    private readonly TimeSpan _pause;
    private readonly MongoClient _mongo;
    private readonly Task[] _threads;
    private long _last;

    /// <summary>Starts them.</summary>
    /// <param name="world">Where they write.</param>
    /// <param name="threads">How many.</param>
    /// <param name="pause">Between two orders of a thread; zero: as fast as the machine can, which makes tens of thousands of files.</param>
    public OrderWriter(ShopWorld world, int threads, TimeSpan pause)
    {
        _world = world;
        _pause = pause;
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
            await Task.Delay(_pause, TimeProvider.System);
        }
    }
}
