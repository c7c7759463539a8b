using DrMesh.Core.Backups;
using DrMesh.Engines.MongoDb.Backup;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>Makes collections as they were and fills them with raw documents.</summary>
internal sealed class CollectionLoader(IMongoClient target, IBackupReader backup)
{
    private const int LargestBatch = 1000;
    private const int LargestBatchBytes = 8 << 20;
    private const int NamespaceExists = 48;

    /// <summary>Creates an empty collection with its options; "already there" is success, since a time-series collection makes its buckets itself.</summary>
    public async Task CreateAsync(CollectionInfo info, CancellationToken cancellationToken)
    {
        try
        {
            await Database(info.Database).RunCommandAsync<BsonDocument>(
                new BsonDocument("create", info.Name).AddRange(info.Options), cancellationToken: cancellationToken);
        }
        catch (MongoCommandException exception) when (exception.Code == NamespaceExists)
        {
        }
    }

    /// <summary>Inserts all documents of a backup's file. Returns their number.</summary>
    public async Task<long> LoadAsync(string database, string collection, BackupFile file, Action<long> loaded, CancellationToken cancellationToken)
    {
        var documents = Database(database).GetCollection<RawBsonDocument>(collection);
        var batch = new List<RawBsonDocument>();
        long count = 0;
        var bytes = 0;
        await foreach (var document in BackupDocuments.ReadAsync(backup, file, cancellationToken))
        {
            if (batch.Count >= LargestBatch || bytes + document.Length > LargestBatchBytes)
            {
                await InsertAsync(documents, batch, cancellationToken);
                loaded(bytes);
                bytes = 0;
            }

            batch.Add(RawBson.Wrap(document));
            bytes += document.Length;
            count++;
        }

        await InsertAsync(documents, batch, cancellationToken);
        loaded(bytes);
        return count;
    }

    /// <summary>Builds a collection's indexes but the one it has of itself.</summary>
    public async Task<int> BuildIndexesAsync(CollectionInfo info, CancellationToken cancellationToken)
    {
        // ns: in descriptions by servers before 4.4, refused by later ones.
        var indexes = info.Indexes.Where(index => index["name"] != "_id_").Select(index => new BsonDocument(index.Elements.Where(element => element.Name != "ns"))).ToList();
        if (indexes.Count > 0)
        {
            await Database(info.Database).RunCommandAsync<BsonDocument>(
                new BsonDocument { { "createIndexes", info.Name }, { "indexes", new BsonArray(indexes) } }, cancellationToken: cancellationToken);
        }

        return indexes.Count;
    }

    private static async Task InsertAsync(IMongoCollection<RawBsonDocument> documents, List<RawBsonDocument> batch, CancellationToken cancellationToken)
    {
        if (batch.Count > 0)
        {
            await documents.InsertManyAsync(batch, new InsertManyOptions { IsOrdered = true, BypassDocumentValidation = true }, cancellationToken);
            batch.Clear();
        }
    }

    private IMongoDatabase Database(string name) => target.GetDatabase(name).WithWriteConcern(WriteConcern.WMajority);
}
