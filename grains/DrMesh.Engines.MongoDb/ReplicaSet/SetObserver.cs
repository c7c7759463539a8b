using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.ReplicaSet;

/// <summary>Asks a set's members what they are and how far they came.</summary>
internal sealed class SetObserver(MemberClients clients)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The set as its members describe it; each is asked itself, the most advanced view of the configuration counts.</summary>
    /// <exception cref="DrMeshException">No member answers, or the login is refused.</exception>
    public async Task<MongoSet> ObserveAsync(CancellationToken cancellationToken)
    {
        var seeds = await AskAllAsync(clients.Seeds, cancellationToken);
        var config = Newest(seeds);
        var rows = config["members"].AsBsonArray.Select(row => row.AsBsonDocument).ToList();
        var views = seeds.Where(view => view.Status is not null).ToDictionary(view => view.Host, StringComparer.Ordinal);
        var unknown = rows.Select(row => row["host"].AsString).Where(host => !views.ContainsKey(host)).Except(clients.Seeds, StringComparer.Ordinal).ToList();
        foreach (var view in (await AskAllAsync(unknown, cancellationToken)).Where(view => view.Status is not null))
        {
            views[view.Host] = view;
        }

        var applied = views.ToDictionary(pair => pair.Key, pair => BsonOpTime.Of(pair.Value.Status!["optimes"]["appliedOpTime"].AsBsonDocument), StringComparer.Ordinal);
        var newest = applied.Values.Max();
        return new MongoSet
        {
            Name = config["_id"].AsString,
            ConfigVersion = config["version"].ToInt64(),
            Term = views.Values.Max(view => view.Status!.GetValue("term", -1).ToInt64()),
            Committed = views.Values.Max(view => BsonOpTime.Of(view.Status!["optimes"]["lastCommittedOpTime"].AsBsonDocument)),
            Members = [.. rows.Select(row => Member(row, views.GetValueOrDefault(row["host"].AsString), applied, newest))],
        };
    }

    /// <summary>The last operation a majority has, as one member knows; asks for no rights.</summary>
    public static async Task<OpTime> CommittedAsync(IMongoClient member, CancellationToken cancellationToken)
    {
        var hello = await member.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellationToken);
        return hello.TryGetValue("lastWrite", out var lastWrite) && lastWrite.AsBsonDocument.TryGetValue("majorityOpTime", out var position)
            ? BsonOpTime.Of(position.AsBsonDocument)
            : default;
    }

    private static MongoMember Member(BsonDocument row, View? view, Dictionary<string, OpTime> applied, OpTime newest)
    {
        var host = row["host"].AsString;
        var position = applied.GetValueOrDefault(host);
        return new MongoMember
        {
            Host = host,
            IsReachable = view is not null,
            State = view is null ? MongoMemberState.Down : (MongoMemberState)view.Status!["myState"].ToInt32(),
            Priority = row.GetValue("priority", 1).ToDouble(),
            Votes = row.GetValue("votes", 1).ToInt32(),
            IsHidden = row.GetValue("hidden", false).ToBoolean(),
            Delay = TimeSpan.FromSeconds(row.GetValue("secondaryDelaySecs", row.GetValue("slaveDelay", 0)).ToDouble()),
            Applied = position,
            Lag = view is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0, (double)newest.Seconds - position.Seconds)),
        };
    }

    private BsonDocument Newest(IReadOnlyList<View> views) =>
        views.Select(view => view.Config).OfType<BsonDocument>().Aggregate((BsonDocument?)null, (newest, config) => newest is null || IsNewer(config, newest) ? config : newest)
        ?? throw (views.Select(view => view.Failure).FirstOrDefault(failure => failure?.Code == DrMeshError.MongoRefused)
            ?? MongoErrors.Unreachable(string.Join(',', clients.Seeds), views.Count > 0 ? views[0].Failure!.Message : "no hosts are named"));

    // As servers compare them (ConfigVersionAndTerm): a forced one has no term, and then the version alone counts.
    private static bool IsNewer(BsonDocument config, BsonDocument than)
    {
        var (term, other) = (config.GetValue("term", -1).ToInt64(), than.GetValue("term", -1).ToInt64());
        return term == other || term == -1 || other == -1 ? config["version"].ToInt64() > than["version"].ToInt64() : term > other;
    }

    private async Task<IReadOnlyList<View>> AskAllAsync(IReadOnlyList<string> hosts, CancellationToken cancellationToken) =>
        await Task.WhenAll(hosts.Select(host => AskAsync(host, cancellationToken)));

    private async Task<View> AskAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            if (clients.Patience is { } patience)
            {
                await MemberProbe.DemandAsync(host, patience, cancellationToken);
            }

            var admin = clients.Member(host).GetDatabase("admin");
            var status = await MemberProbe.AskAsync(() => RunAsync(admin, "replSetGetStatus", cancellationToken));
            var config = await RunAsync(admin, "replSetGetConfig", cancellationToken);
            var own = status["members"].AsBsonArray.Select(row => row.AsBsonDocument).FirstOrDefault(row => row.GetValue("self", false).ToBoolean());
            return new View(own is null ? host : own["name"].AsString, status, config["config"].AsBsonDocument, null);
        }
        catch (Exception exception) when (MongoErrors.From(exception, host) is { } failure)
        {
            return new View(host, null, null, failure);
        }
    }

    private static Task<BsonDocument> RunAsync(IMongoDatabase database, string command, CancellationToken cancellationToken) =>
        database.RunCommandAsync<BsonDocument>(new BsonDocument { { command, 1 }, { "maxTimeMS", (int)Patience.TotalMilliseconds } }, cancellationToken: cancellationToken);

    private sealed record View(string Host, BsonDocument? Status, BsonDocument? Config, DrMeshException? Failure);
}
