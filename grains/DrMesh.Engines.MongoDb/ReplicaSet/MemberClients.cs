using System.Collections.Concurrent;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.ReplicaSet;

/// <summary>Clients of a set's members, each talking to exactly one, whatever its role; and one of the set as a whole.</summary>
/// <param name="address">The set.</param>
/// <param name="patience">How long a member is waited for; null: as long as a job can wait.</param>
internal sealed class MemberClients(MongoAddress address, TimeSpan? patience = null) : IDisposable
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, MongoClient> _members = new(StringComparer.Ordinal);
    private readonly MongoUrl _url = new(address.ConnectionString);
    private MongoClient? _set;

    /// <summary>The hosts the connection string names.</summary>
    public IReadOnlyList<string> Seeds => [.. _url.Servers.Select(server => server.ToString())];

    /// <summary>How long a member is waited for; null: as long as a job can wait.</summary>
    public TimeSpan? Patience => patience;

    /// <summary>The members that the driver was asked for.</summary>
    public IReadOnlyCollection<string> Opened => [.. _members.Keys];

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
        settings.ServerSelectionTimeout = patience ?? Usual;
        settings.ConnectTimeout = patience ?? Usual;
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
