using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Recovery.ReplicaSets;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DrMesh.Engines.MongoDb.ReplicaSet;

/// <summary>Orders to a set's members. Every command goes to one member by its own address.</summary>
internal sealed class ReplicaSetControl(ILogger<ReplicaSetControl> logger) : IReplicaSetControl
{
    private const string Database = "drmesh";
    private const string Collection = "epoch";
    private const int NotWritablePrimary = 10107;
    private const int CatchUpSeconds = 10;
    private const int StepDownSeconds = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Clients that wait for no member longer than who must decide in a hurry can.</summary>
    internal static MemberClients Open(MongoAddress address) => new(address, Patience);

    public async Task<MongoSet> ObserveAsync(MongoAddress address, CancellationToken cancellationToken)
    {
        using var clients = Open(address);
        return await new SetObserver(clients).ObserveAsync(cancellationToken);
    }

    public async Task<MemberLook> LookAsync(MongoAddress address, string host, CancellationToken cancellationToken)
    {
        try
        {
            using var clients = Open(address);
            await MemberProbe.DemandAsync(host, Patience, cancellationToken);
            var admin = Admin(clients, host);
            // One that was removed, or never was in a set, answers these with an error, and hello all the same.
            var config = await MemberProbe.AskAsync(() => TryAsync(admin, "replSetGetConfig", cancellationToken));
            var status = await TryAsync(admin, "replSetGetStatus", cancellationToken);
            return new MemberLook(
                status is null ? MongoMemberState.Removed : (MongoMemberState)status["myState"].ToInt32(),
                config?["config"]["version"].ToInt64() ?? 0,
                status is null ? default : BsonOpTime.Of(status["optimes"]["appliedOpTime"].AsBsonDocument));
        }
        catch (Exception exception) when (MongoErrors.From(exception, host) is { Code: DrMeshError.MongoUnreachable } away)
        {
            return new MemberLook(MongoMemberState.Down, 0, default, away.Message);
        }
    }

    public Task ReconfigureAsync(MongoAddress address, SetAction.Reconfigure order, long from, CancellationToken cancellationToken) =>
        OnAsync(address, order.At, async admin =>
        {
            var config = (await MemberProbe.AskAsync(() => admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetConfig", 1), cancellationToken: cancellationToken)))["config"].AsBsonDocument;
            var rows = config["members"].AsBsonArray.Select(row => row.AsBsonDocument).ToList();
            if (IsSame(rows, order.To))
            {
                return;
            }

            if (config["version"].ToInt64() != from)
            {
                throw new DrMeshException(
                    DrMeshError.MongoRefused, $"{order.At} has configuration {config["version"]} by now, not {from}", "somebody else changed the set; look at it, then go on");
            }

            config["members"] = new BsonArray(order.To.Seats.Select(seat => Row(rows, seat)));
            config["version"] = from + 1;
            // The server puts in the term it is in.
            config.Remove("term");
            var command = new BsonDocument("replSetReconfig", config);
            if (order.IsForced)
            {
                command["force"] = true;
            }

            await admin.RunCommandAsync<BsonDocument>(command, cancellationToken: cancellationToken);
            logger.Reconfigured(config["_id"].AsString, order.At, order.IsForced, string.Join(", ", order.To.Seats.Select(seat => $"{seat.Host} priority {seat.Priority} votes {seat.Votes}")));
        }, cancellationToken);

    public Task StepDownAsync(MongoAddress address, string host, CancellationToken cancellationToken) =>
        OnAsync(address, host, async admin =>
        {
            try
            {
                await admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "replSetStepDown", StepDownSeconds }, { "secondaryCatchUpPeriodSecs", CatchUpSeconds } }, cancellationToken: cancellationToken);
            }
            catch (Exception gone) when (gone is MongoConnectionException or MongoNotPrimaryException || gone is MongoCommandException { Code: NotWritablePrimary })
            {
                // It is none any more: servers before 4.2 close every connection when they step down, and another start of the step may have been there first.
            }
        }, cancellationToken);

    public async Task StopAsync(MongoAddress address, string host, CancellationToken cancellationToken)
    {
        try
        {
            await OnAsync(address, host, admin => admin.RunCommandAsync<BsonDocument>(new BsonDocument { { "shutdown", 1 }, { "force", true } }, cancellationToken: cancellationToken), cancellationToken);
        }
        catch (DrMeshException gone) when (gone.Code == DrMeshError.MongoUnreachable)
        {
            // The connection ends with the server.
        }
    }

    public async Task<OpTime> WriteEpochAsync(MongoAddress address, string host, ClusterId cluster, long epoch, CancellationToken cancellationToken)
    {
        var position = default(OpTime);
        await OnAsync(address, host, async admin =>
        {
            var command = new BsonDocument
            {
                { "update", Collection },
                {
                    "updates",
                    new BsonArray
                    {
                        // A higher one does not match; the document that is inserted then is there already.
                        new BsonDocument
                        {
                            { "q", new BsonDocument { { "_id", cluster.Value }, { "epoch", new BsonDocument("$lte", epoch) } } },
                            { "u", new BsonDocument("$set", new BsonDocument("epoch", epoch)) }, { "upsert", true },
                        },
                    }
                },
                { "writeConcern", new BsonDocument { { "w", "majority" }, { "wtimeout", 5_000 } } },
            };
            var answer = await admin.Client.GetDatabase(Database).RunCommandAsync<BsonDocument>(command, ReadPreference.Primary, cancellationToken);
            if (answer.TryGetValue("writeErrors", out var errors) || answer.TryGetValue("writeConcernError", out errors))
            {
                throw new DrMeshException(
                    DrMeshError.MongoRefused, $"{host} did not take epoch {epoch} of {cluster}: {errors.ToJson()}", "duplicate key says that a higher epoch is there; otherwise see that a majority of the members runs");
            }

            position = await SetObserver.CommittedAsync(admin.Client, cancellationToken);
        }, cancellationToken);
        return position;
    }

    private static IMongoDatabase Admin(MemberClients clients, string host) => clients.Member(host).GetDatabase("admin");

    private static async Task<BsonDocument?> TryAsync(IMongoDatabase admin, string command, CancellationToken cancellationToken)
    {
        try
        {
            return await admin.RunCommandAsync<BsonDocument>(new BsonDocument(command, 1), cancellationToken: cancellationToken);
        }
        catch (MongoCommandException)
        {
            return null;
        }
    }

    // The driver's own exceptions do not leave the engine.
    private static async Task OnAsync(MongoAddress address, string host, Func<IMongoDatabase, Task> action, CancellationToken cancellationToken)
    {
        using var clients = Open(address);
        try
        {
            await MemberProbe.DemandAsync(host, Patience, cancellationToken);
            await action(Admin(clients, host));
        }
        catch (Exception exception) when (exception is not DrMeshException && MongoErrors.From(exception, host) is { } failure)
        {
            throw failure;
        }
    }

    private static bool IsSame(List<BsonDocument> rows, SetConfiguration to) =>
        to.IsSame(new SetConfiguration([.. rows.Select(row => new SetSeat(row["host"].AsString, row.GetValue("priority", 1).ToDouble(), row.GetValue("votes", 1).ToInt32()))]));

    private static BsonDocument Row(List<BsonDocument> rows, SetSeat seat)
    {
        var row = rows.FirstOrDefault(known => known["host"] == seat.Host)?.DeepClone().AsBsonDocument
            ?? new BsonDocument { { "_id", rows.Max(known => known["_id"].ToInt32()) + 1 }, { "host", seat.Host } };
        row["priority"] = seat.Priority;
        row["votes"] = seat.Votes;
        return row;
    }
}
