using System.Collections.Concurrent;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.ReplicaSet;

/// <summary>Clients of a set's members, each talking to exactly one, whatever its role; and one of the set as a whole.</summary>
internal sealed class MemberClients(MongoAddress address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, MongoClient> _members = new(StringComparer.Ordinal);
    private readonly MongoUrl _url = new(address.ConnectionString);
    private MongoClient? _set;

    /// <summary>The hosts the connection string names.</summary>
    public IReadOnlyList<string> Seeds => [.. _url.Servers.Select(server => server.ToString())];

    /// <summary>The whole set: finds its primary.</summary>
    public IMongoClient Set => _set ??= new MongoClient(MongoClientSettings.FromUrl(_url));

    /// <summary>One member.</summary>
    public IMongoClient Member(string host) => _members.GetOrAdd(host, key =>
    {
        var settings = MongoClientSettings.FromUrl(_url);
        settings.ReplicaSetName = null;
        settings.DirectConnection = true;
        settings.Server = MongoServerAddress.Parse(key);
        settings.ReadPreference = ReadPreference.SecondaryPreferred;
        settings.ServerSelectionTimeout = Patience;
        settings.ConnectTimeout = Patience;
        settings.RetryReads = false;
        return new MongoClient(settings);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _members.Values)
        {
            client.Dispose();
        }

        _set?.Dispose();
    }
}
