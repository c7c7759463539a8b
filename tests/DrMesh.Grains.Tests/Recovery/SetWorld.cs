using System.Globalization;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Engines.MongoDb;
using DrMesh.FakeMongoServer.Replication;
using DrMesh.Grains.Estate;
using DrMesh.TestKit.Recovery;
using Microsoft.Extensions.DependencyInjection;
using Role = DrMesh.FakeMongoServer.Replication.MemberRole;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>Applications of a fake replica set with a member in each of three regions; the last one also has a PostgreSQL cluster.</summary>
internal sealed class SetWorld : IAsyncDisposable
{
    private readonly Dictionary<string, FakeReplicaSet> _sets;
    private readonly EstateDocument _estate;

    private SetWorld(string[] names, string mixed)
    {
        Mixed = mixed;
        Databases = FakeDatabases.Create([mixed]);
        _sets = names.Append(mixed).ToDictionary(name => name, name => FakeReplicaSet.Start(name: name));
        _estate = Databases.Estate with
        {
            Clusters = [.. Databases.Estate.Clusters, .. _sets.Select(entry => Declare(entry.Key, entry.Value))],
            Applications = [.. _sets.Keys.Select(name => new ApplicationDefinition { Name = name, Policy = "standard", Clusters = name == mixed ? [new ClusterId(name), SetOf(name)] : [SetOf(name)] })],
        };
    }

    public FakeDatabases Databases { get; }

    /// <summary>The application that has both kinds.</summary>
    public string Mixed { get; }

    public static SetWorld Create(IEnumerable<string> names, string mixed) => new([.. names], mixed);

    public static ClusterId SetOf(string application) => new($"{application}-set");

    public FakeReplicaSet this[string application] => _sets[application];

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
    public string Describe(string application)
    {
        var set = this[application];
        var leaders = set.Members.Where(member => member.Role == Role.Primary).Select(member => member.Id);
        var record = Databases.Records.Find(SetOf(application));
        return string.Create(CultureInfo.InvariantCulture, $"led by {string.Join(',', leaders)}; ")
            + string.Join("; ", set.Members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Role} votes {member.Votes} priority {member.Priority}")))
            + $"; recorded {record?.Primary}, held {record?.Session is not null}, former {record?.FormerMembers.Length}, written epoch {record?.Epoch == WrittenEpoch(set, application)}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var set in _sets.Values)
        {
            await set.DisposeAsync();
        }
    }

    private static long? WrittenEpoch(FakeReplicaSet set, string application) =>
        set.Primary?.Oplog.Where(entry => entry["ns"] == "drmesh.epoch").Select(entry => (entry["o"].AsBsonDocument.TryGetValue("epoch", out var whole) ? whole : entry["o"]["diff"]["u"]["epoch"]).ToInt64()).LastOrDefault() is { } epoch && application.Length > 0
            ? epoch
            : null;

    private static MongoDbCluster Declare(string name, FakeReplicaSet set) => new()
    {
        Name = SetOf(name),
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
