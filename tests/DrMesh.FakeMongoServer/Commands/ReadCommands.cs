using DrMesh.FakeMongoServer.Replication;
using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Queries and cursors.</summary>
internal static class ReadCommands
{
    public const string OplogNamespace = "local.oplog.rs";
    private const int FirstBatch = 101;
    private const int LargestBatch = 16 << 20;
    private static readonly TimeSpan ClusterTimePatience = TimeSpan.FromSeconds(10);

    public static PendingReply Find(CommandContext context)
    {
        context.RequireReadable();
        context.EnterTransaction();
        var concern = context.Command.GetValue("readConcern", new BsonDocument()).AsBsonDocument;
        if (!concern.TryGetValue("afterClusterTime", out var after))
        {
            return PendingReply.Now(Open(context, concern));
        }

        return new PendingReply(
            isTimeUp =>
            {
                if (context.Member.LastApplied.Timestamp >= after.AsBsonTimestamp)
                {
                    return Open(context, concern);
                }

                return isTimeUp ? throw new CommandFault(50, "MaxTimeMSExpired", "operation exceeded time limit") : null;
            },
            ClusterTimePatience);
    }

    public static PendingReply GetMore(CommandContext context)
    {
        var id = context.Command[0].ToInt64();
        var count = context.Command.GetValue("batchSize", int.MaxValue).ToInt32();
        var patience = TimeSpan.FromMilliseconds(context.Command.GetValue("maxTimeMS", 1000).ToDouble());
        return new PendingReply(
            isTimeUp =>
            {
                var cursor = context.Member.Cursors.GetValueOrDefault(id) ?? throw CommandFault.CursorNotFound(id);
                try
                {
                    var (documents, isExhausted) = cursor.Next(context.Member, count);
                    if (documents.Count == 0 && cursor.IsTailable && !isTimeUp)
                    {
                        return null;
                    }

                    if (isExhausted)
                    {
                        context.Member.Cursors.Remove(id);
                    }

                    if (cursor is { IsTailable: true, Namespace: OplogNamespace })
                    {
                        context.Member.OplogAnswers++;
                        context.Member.OplogGiven = documents.Count > 0 ? FakeOpTime.Of(documents[^1]) : context.Member.OplogGiven;
                    }

                    return context.Ok(CursorReply(isExhausted ? 0 : id, cursor.Namespace, "nextBatch", documents));
                }
                catch (CommandFault)
                {
                    context.Member.Cursors.Remove(id);
                    throw;
                }
            },
            patience);
    }

    public static PendingReply KillCursors(CommandContext context)
    {
        var killed = context.Command["cursors"].AsBsonArray.Where(id => context.Member.Cursors.Remove(id.ToInt64()));
        return PendingReply.Now(context.Ok(new BsonDocument { { "cursorsKilled", new BsonArray(killed) }, { "cursorsNotFound", new BsonArray() } }));
    }

    public static PendingReply Count(CommandContext context)
    {
        context.RequireReadable();
        var filter = context.Command.GetValue("query", new BsonDocument()).AsBsonDocument;
        return PendingReply.Now(context.Ok(new BsonDocument("n", Documents(context, context.Namespace).Count(document => Matcher.Matches(document, filter)))));
    }

    /// <summary>$match, $sort, $skip, $limit, $project, and $group of a count; others are refused.</summary>
    public static PendingReply Aggregate(CommandContext context)
    {
        context.RequireReadable();
        context.EnterTransaction();
        var documents = Documents(context, context.Namespace);
        foreach (var stage in context.Command["pipeline"].AsBsonArray)
        {
            documents = Stage(documents, stage.AsBsonDocument.GetElement(0));
        }

        return PendingReply.Now(Start(context, FakeCursor.Over(context.Namespace, documents), context.Command.GetValue("cursor", new BsonDocument()).AsBsonDocument));
    }

    /// <summary>Registers a cursor and gives its first batch.</summary>
    public static BsonDocument Start(CommandContext context, FakeCursor cursor, BsonDocument options)
    {
        var (documents, isExhausted) = cursor.Next(context.Member, options.GetValue("batchSize", FirstBatch).ToInt32());
        long id = 0;
        if (!isExhausted && !options.GetValue("singleBatch", false).ToBoolean())
        {
            id = Random.Shared.NextInt64(1, long.MaxValue);
            context.Member.Cursors[id] = cursor;
        }

        return context.Ok(CursorReply(id, cursor.Namespace, "firstBatch", documents));
    }

    private static BsonDocument Open(CommandContext context, BsonDocument concern)
    {
        var command = context.Command;
        var ns = context.Namespace;
        var filter = command.GetValue("filter", new BsonDocument()).AsBsonDocument;
        var projection = command.TryGetValue("projection", out var fields) ? fields.AsBsonDocument : null;
        var level = concern.GetValue("level", "local").AsString;
        var isTailable = command.GetValue("tailable", false).ToBoolean();
        var isPlain = !command.Contains("sort") && !command.Contains("skip") && !command.Contains("limit");
        if (ns == OplogNamespace && isPlain)
        {
            return Start(context, OplogCursor(context.Member, filter, level, isTailable), command);
        }

        if (isPlain && level != "snapshot" && context.Transaction is null && context.State.Find(ns) is { IsView: false } collection)
        {
            return Start(context, LiveCursor(ns, collection.Uuid, filter, projection, level, isTailable), command);
        }

        var documents = level == "snapshot" && concern.TryGetValue("atClusterTime", out var at)
            ? AsOf(context.Member, at.AsBsonTimestamp).Find(ns)?.Documents ?? []
            : Documents(context, ns, level);
        documents = documents.Where(document => Matcher.Matches(document, filter));
        if (command.TryGetValue("sort", out var sort))
        {
            documents = ns == OplogNamespace && sort == new BsonDocument("$natural", -1) ? documents.Reverse() : Sorted(documents, sort.AsBsonDocument);
        }

        documents = documents.Skip(command.GetValue("skip", 0).ToInt32());
        var limit = Math.Abs(command.GetValue("limit", 0).ToInt32());
        documents = (limit > 0 ? documents.Take(limit) : documents).Select(document => Matcher.Project(document, projection)).ToList();
        return Start(context, FakeCursor.Over(ns, documents), command);
    }

    // What is written while the cursor is open may be seen, as on a server.
    private static FakeCursor LiveCursor(string ns, Guid uuid, BsonDocument filter, BsonDocument? projection, string level, bool isTailable)
    {
        long last = 0;
        return new FakeCursor(ns, isTailable, (member, count) =>
        {
            var state = level is "majority" or "snapshot" ? member.Committed : member.Applied;
            var collection = state.Find(ns);
            if (collection is null || collection.Uuid != uuid)
            {
                return last == 0 ? ([], true) : throw new CommandFault(175, "QueryPlanKilled", $"collection dropped: {ns}");
            }

            if (isTailable && last > 0 && collection.FirstRecord > last + 1)
            {
                throw CommandFault.CappedPositionLost();
            }

            var batch = new List<BsonDocument>();
            var size = 0;
            foreach (var (record, document) in collection.After(last))
            {
                if (batch.Count >= count || size > LargestBatch - (1 << 20))
                {
                    return (batch, false);
                }

                last = record;
                if (Matcher.Matches(document, filter))
                {
                    batch.Add(Matcher.Project(document, projection));
                    size += count > 1000 ? document.ToBson().Length : 0;
                }
            }

            return (batch, true);
        });
    }

    private static FakeCursor OplogCursor(FakeMember opener, BsonDocument filter, string level, bool isTailable)
    {
        var next = opener.OplogStart;
        return new FakeCursor(OplogNamespace, isTailable, (member, count) =>
        {
            if (next < member.OplogStart)
            {
                throw CommandFault.CappedPositionLost();
            }

            var end = level == "majority" ? member.CommittedCount : member.Log.Count;
            var batch = new List<BsonDocument>();
            while (next < end && batch.Count < count)
            {
                var entry = member.Log[next++];
                if (Matcher.Matches(entry, filter))
                {
                    batch.Add(entry);
                }
            }

            return (batch, next >= end);
        });
    }

    private static IEnumerable<BsonDocument> Documents(CommandContext context, string ns, string level = "local")
    {
        if (ns == OplogNamespace)
        {
            return context.Member.Log.Take(level == "majority" ? context.Member.CommittedCount : int.MaxValue).Skip(context.Member.OplogStart);
        }

        var state = level is "majority" && context.Transaction is null ? context.Member.Committed : context.State;
        var collection = state.Find(ns);
        if (collection is not { IsView: true })
        {
            return collection?.Documents ?? [];
        }

        var source = Documents(context, $"{DataState.DatabaseOf(ns)}.{collection.Options["viewOn"].AsString}", level);
        return collection.Options["pipeline"].AsBsonArray.Aggregate(source, (documents, stage) => Stage(documents, stage.AsBsonDocument.GetElement(0)));
    }

    private static DataState AsOf(FakeMember member, BsonTimestamp time) => member.StateAt(member.Log.Count(entry => entry["ts"].AsBsonTimestamp <= time));

    private static IEnumerable<BsonDocument> Sorted(IEnumerable<BsonDocument> documents, BsonDocument sort) =>
        sort.Contains("$natural") ? (sort["$natural"].ToInt32() < 0 ? documents.Reverse() : documents) : Matcher.Sort(documents, sort);

    private static IEnumerable<BsonDocument> Stage(IEnumerable<BsonDocument> documents, BsonElement stage) => stage.Name switch
    {
        "$match" => documents.Where(document => Matcher.Matches(document, stage.Value.AsBsonDocument)),
        "$sort" => Sorted(documents, stage.Value.AsBsonDocument),
        "$skip" => documents.Skip(stage.Value.ToInt32()),
        "$limit" => documents.Take(stage.Value.ToInt32()),
        "$project" => documents.Select(document => Matcher.Project(document, stage.Value.AsBsonDocument)),
        "$group" when stage.Value["n"] == new BsonDocument("$sum", 1) => documents.Count() is var n and > 0 ? [new BsonDocument { { "_id", stage.Value["_id"] }, { "n", n } }] : [],
        _ => throw CommandFault.BadValue($"this fake has no stage {stage.Name}"),
    };

    private static BsonDocument CursorReply(long id, string ns, string batch, IEnumerable<BsonDocument> documents) =>
        new("cursor", new BsonDocument { { "id", id }, { "ns", ns }, { batch, new BsonArray(documents) } });
}
