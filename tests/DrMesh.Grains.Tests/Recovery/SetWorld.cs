using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Engines.MongoDb;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.Grains.Estate;
using DrMesh.TestKit.Recovery;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Role = DrMesh.FakeMongoServer.Replication.MemberRole;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>Applications of fake replica sets with a member in each of three regions, and of PostgreSQL clusters on fake servers.</summary>
internal sealed class SetWorld : IAsyncDisposable
{
    public const string Cluster = "cluster";
    public const string Set = "set";
    private readonly Dictionary<string, FakeReplicaSet> _sets;
    private readonly EstateDocument _estate;

    private SetWorld((string Name, string[] Order)[] applications)
    {
        Databases = FakeDatabases.Create(applications.Where(application => application.Order.Contains(Cluster)).Select(application => application.Name));
        _sets = applications.SelectMany(application => application.Order.Where(part => part != Cluster).Select(part => NameOf(application.Name, part).Value)).ToDictionary(name => name, name => FakeReplicaSet.Start(name: name));
        _estate = Databases.Estate with
        {
            Clusters = [.. Databases.Estate.Clusters, .. _sets.Select(entry => Declare(entry.Key, entry.Value))],
            Applications = [.. applications.Select(application => new ApplicationDefinition { Name = application.Name, Policy = "standard", Clusters = [.. application.Order.Select(part => NameOf(application.Name, part))] })],
        };
    }

    public FakeDatabases Databases { get; }

    /// <summary>Makes them, each of its parts in the order given: <see cref="Cluster"/>, which has the application's name, and sets, named <c>APPLICATION-PART</c>.</summary>
    public static SetWorld Create(params IEnumerable<(string Name, string[] Order)> applications) => new([.. applications]);

    public static ClusterId SetOf(string application, string part = Set) => new($"{application}-{part}");

    public FakeReplicaSet this[string application, string part = Set] => _sets[SetOf(application, part).Value];

    public void Wire(ISiloBuilder silo, int place)
    {
        silo.Services.AddMongoEngine();
        Databases.Wire(silo, FakeDatabases.Regions[place], reachesAll: true);
        silo.Services.AddSingleton<AppliedEstates>(new Estates(_estate));
    }

    /// <summary>Ends what a lost majority ends: the members of the first and the last region.</summary>
    public void LoseMajority(string application)
    {
        this[application].Kill(this[application].Members[0]);
        this[application].Kill(this[application].Members[2]);
    }

    /// <summary>Who leads and votes, by number.</summary>
    public string Describe(string application, string part = Set)
    {
        var set = this[application, part];
        var leaders = set.Members.Where(member => member.Role == Role.Primary).Select(member => member.Id);
        var record = Databases.Records.Find(SetOf(application, part));
        return string.Create(CultureInfo.InvariantCulture, $"led by {string.Join(',', leaders)}; ")
            + string.Join("; ", set.Members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Role} votes {member.Votes} priority {member.Priority}")))
            + $"; recorded {record?.Primary}, held {record?.Session is not null}, former {record?.FormerMembers.Length}, written epoch {record?.Epoch == WrittenEpoch(set)}";
    }

    /// <summary>Another wrote its epoch into a set: a lower one is refused there.</summary>
    public Task WriteEpochAsync(string application, string part, long epoch, CancellationToken cancellationToken) =>
        new MongoClient(this[application, part].ConnectionString).GetDatabase("drmesh").GetCollection<BsonDocument>("epoch")
            .InsertOneAsync(new BsonDocument { { "_id", SetOf(application, part).Value }, { "epoch", epoch } }, cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var set in _sets.Values)
        {
            await set.DisposeAsync();
        }
    }

    private static long? WrittenEpoch(FakeReplicaSet set) =>
        set.Primary?.Oplog.Where(entry => entry["ns"] == "drmesh.epoch").Select(entry => (entry["o"].AsBsonDocument.TryGetValue("epoch", out var whole) ? whole : entry["o"]["diff"]["u"]["epoch"]).ToInt64()).LastOrDefault();

    private static ClusterId NameOf(string application, string part) => part == Cluster ? new ClusterId(application) : SetOf(application, part);

    private static MongoDbCluster Declare(string name, FakeReplicaSet set) => new()
    {
        Name = new ClusterId(name),
        Policy = "standard",
        PrimaryRegion = FakeDatabases.Regions[0],
        Tls = TlsMode.Disable,
        ReplicaSet = set.Name,
        Members = [.. set.Members.Select((member, number) => new MongoDbMember { Name = FakeDatabases.Regions[number].Value, Node = FakeDatabases.NodeOf(FakeDatabases.Regions[number]), Port = member.Port })],
    };

    private sealed class Estates(EstateDocument estate) : AppliedEstates(null!)
    {
        public override Task<EstateDocument> CurrentAsync(CancellationToken cancellationToken) => Task.FromResult(estate);
    }
}
