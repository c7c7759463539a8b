using DrMesh.FakeMongoServer.Replication;

namespace DrMesh.Engines.MongoDb.Tests.Conformance;

/// <summary>The servers the conformance suite runs on: the fake, and the real set <c>DRMESH_TEST_MONGO</c> names, when it does.</summary>
public sealed class ConformanceServers : IAsyncLifetime
{
    private FakeReplicaSet? _fake;

    /// <summary>The environment variable with a real replica set's connection string.</summary>
    public const string Variable = "DRMESH_TEST_MONGO";

    public static TheoryData<string> Names =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } ? new TheoryData<string>("fake", "real") : new TheoryData<string>("fake");

    public string ConnectionString(string name) =>
        name == "real" ? Environment.GetEnvironmentVariable(Variable)! : _fake!.ConnectionString;

    public ValueTask InitializeAsync()
    {
        _fake = FakeReplicaSet.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_fake is not null)
        {
            await _fake.DisposeAsync();
        }
    }
}
