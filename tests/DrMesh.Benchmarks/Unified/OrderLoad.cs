using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace DrMesh.Benchmarks.Unified;

/// <summary>Threads that write orders, each a row, a document and a file, as fast as the application's gate lets them.</summary>
internal sealed class OrderLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MongoClient _mongo;
    private readonly Task[] _threads;
    private long _written;

    public OrderLoad(int threads, GateServer gate, string postgres, string mongo, string tree)
    {
        _mongo = new MongoClient(mongo);
        _threads = [.. Enumerable.Range(0, threads).Select(_ => Task.Run(() => WriteAsync(gate, postgres, tree)))];
    }

    /// <summary>Orders done so far.</summary>
    public long Written => Interlocked.Read(ref _written);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_threads);
        _mongo.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync(GateServer gate, string postgres, string tree)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        var carts = _mongo.GetDatabase("shop").GetCollection<BsonDocument>("carts").WithWriteConcern(WriteConcern.WMajority);
        while (!_stop.IsCancellationRequested)
        {
            await gate.WriteAsync(async () =>
            {
                var id = Guid.NewGuid();
                await using var insert = new NpgsqlCommand("insert into orders values ($1)", connection) { Parameters = { new() { Value = id } } };
                await insert.ExecuteNonQueryAsync();
                await carts.InsertOneAsync(new BsonDocument { { "_id", id.ToString() } });
                // A thousand names, written again and again: the tree does not grow with the benchmark's length.
                await File.WriteAllTextAsync(Path.Combine(tree, $"{Math.Abs(id.GetHashCode()) % 1000}"), $"{id}");
                Interlocked.Increment(ref _written);
            });
        }
    }
}
