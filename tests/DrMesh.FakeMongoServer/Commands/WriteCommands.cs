using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Inserts, updates, deletes; each document's operation has its own oplog entry. A repeated retryable write is not executed twice.</summary>
internal static class WriteCommands
{
    public static PendingReply Insert(CommandContext context) => Write(context, "documents", (ns, document, statement, _) =>
    {
        var complete = document.Contains("_id") ? document : new BsonDocument("_id", ObjectId.GenerateNewId()).AddRange(document);
        CheckNew(context.Ensure(ns), complete);
        context.Log("i", ns, complete, new BsonDocument("_id", complete["_id"]), statement);
        return 1;
    });

    public static PendingReply Update(CommandContext context)
    {
        var modified = 0;
        return Write(
            context,
            "updates",
            (ns, update, statement, upserted) =>
            {
                var many = update.GetValue("multi", false).ToBoolean();
                var found = Found(context, ns, update["q"].AsBsonDocument, many);
                foreach (var before in found)
                {
                    CheckConflict(context, ns, before);
                    var after = UpdateOperators.Apply(before, update["u"].AsBsonDocument, false);
                    if (after != before)
                    {
                        context.State.Get(ns).CheckUnique(after);
                        var body = UpdateOperators.IsReplacement(update["u"]) ? after : OplogDiff.Make(before, after);
                        context.Log("u", ns, body, new BsonDocument("_id", before["_id"]), statement);
                        modified++;
                    }
                }

                if (found.Count > 0 || !update.GetValue("upsert", false).ToBoolean())
                {
                    return found.Count;
                }

                var added = Upserted(update);
                CheckNew(context.Ensure(ns), added);
                context.Log("i", ns, added, new BsonDocument("_id", added["_id"]), statement);
                upserted.Add(new BsonDocument { { "index", statement }, { "_id", added["_id"] } });
                return 1;
            },
            reply => reply["nModified"] = modified);
    }

    public static PendingReply Delete(CommandContext context) => Write(context, "deletes", (ns, delete, statement, _) =>
    {
        var found = Found(context, ns, delete["q"].AsBsonDocument, delete["limit"].ToInt32() == 0);
        foreach (var document in found)
        {
            CheckConflict(context, ns, document);
            context.Log("d", ns, new BsonDocument("_id", document["_id"]), null, statement);
        }

        return found.Count;
    });

    private static PendingReply Write(
        CommandContext context, string field, Func<string, BsonDocument, int, BsonArray, int> one, Action<BsonDocument>? finish = null)
    {
        context.RequirePrimary();
        context.EnterTransaction();
        var ns = context.Namespace;
        var isOrdered = context.Command.GetValue("ordered", true).ToBoolean();
        var errors = new BsonArray();
        var upserted = new BsonArray();
        var count = 0;
        var statement = 0;
        foreach (var item in context.Command[field].AsBsonArray)
        {
            try
            {
                count += WasExecuted(context, statement) ? 1 : one(ns, item.AsBsonDocument, statement, upserted);
            }
            catch (CommandFault fault) when (context.Transaction is null)
            {
                errors.Add(new BsonDocument { { "index", statement }, { "code", fault.Code }, { "errmsg", fault.Message } });
                if (isOrdered)
                {
                    break;
                }
            }

            statement++;
        }

        var reply = context.Ok(new BsonDocument("n", count));
        finish?.Invoke(reply);
        if (upserted.Count > 0)
        {
            reply["upserted"] = upserted;
        }

        if (errors.Count > 0)
        {
            reply["writeErrors"] = errors;
        }

        return context.WhenAcknowledged(reply);
    }

    // The oplog tells what was executed, on whichever member is primary now.
    private static bool WasExecuted(CommandContext context, int statement) =>
        context.Transaction is null && context.Command.TryGetValue("txnNumber", out var number)
        && context.Member.Executed.Contains((context.Command["lsid"], number.ToInt64(), statement));

    private static List<BsonDocument> Found(CommandContext context, string ns, BsonDocument filter, bool many)
    {
        var documents = context.State.Find(ns)?.Documents ?? [];
        if (filter.TryGetValue("_id", out var id) && id is not BsonDocument)
        {
            documents = context.State.Find(ns)?.Find(id) is { } one ? [one] : [];
        }

        var found = documents.Where(document => Matcher.Matches(document, filter));
        return (many ? found : found.Take(1)).ToList();
    }

    // First updater wins: a document changed since the transaction began cannot be changed in it.
    private static void CheckConflict(CommandContext context, string ns, BsonDocument document)
    {
        if (context.Transaction is { } transaction
            && !ReferenceEquals(transaction.Snapshot.Find(ns)?.Find(document["_id"]), context.Member.Applied.Find(ns)?.Find(document["_id"])))
        {
            throw CommandFault.WriteConflict();
        }
    }

    private static void CheckNew(FakeCollection collection, BsonDocument document)
    {
        if (collection.Find(document["_id"]) is not null)
        {
            throw CommandFault.DuplicateKey(collection.Namespace, "_id_", document["_id"]);
        }

        collection.CheckUnique(document);
    }

    private static BsonDocument Upserted(BsonDocument update)
    {
        var filter = update["q"].AsBsonDocument;
        var equal = new BsonDocument(filter.Elements.Where(element => !element.Name.StartsWith('$') && element.Value is not BsonDocument && !element.Name.Contains('.')));
        var replacement = update["u"].AsBsonDocument;
        if (!equal.Contains("_id"))
        {
            equal["_id"] = UpdateOperators.IsReplacement(replacement) && replacement.TryGetValue("_id", out var id) ? id : ObjectId.GenerateNewId();
        }

        return UpdateOperators.Apply(equal, replacement, true);
    }
}
