using DrMesh.Core.Backups;
using DrMesh.Engines.MongoDb.Backup;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.Restore;

/// <summary>Brings users and roles back through the server's own command, which checks them and refreshes its cache; the collections themselves refuse writes.</summary>
internal sealed class AuthorizationRestore(IMongoClient target, CollectionLoader loader)
{
    private readonly IMongoDatabase _admin = target.GetDatabase("admin").WithWriteConcern(WriteConcern.WMajority);

    public async Task RestoreAsync(CollectionInfo info, BackupFile file, CancellationToken cancellationToken)
    {
        var field = info.Name switch { SystemNamespaces.Users => "tempUsersCollection", SystemNamespaces.Roles => "tempRolesCollection", _ => null };
        if (field is null)
        {
            // The authorisation schema's version: the target's own server keeps it.
            return;
        }

        var staging = $"drmesh.{info.Name}";
        await _admin.DropCollectionAsync(staging, cancellationToken);
        await loader.LoadAsync("admin", staging, file, _ => { }, cancellationToken);
        await _admin.RunCommandAsync<BsonDocument>(
            new BsonDocument
            {
                { "_mergeAuthzCollections", 1 }, { field, $"admin.{staging}" }, { "drop", false }, { "db", "" }, { "writeConcern", new BsonDocument("w", "majority") },
            },
            cancellationToken: cancellationToken);
        await _admin.DropCollectionAsync(staging, cancellationToken);
    }
}
