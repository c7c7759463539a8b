using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>
/// The <c>applyOps</c> command: an insert of a document that is there replaces it, an update of one that is not there fails, a delete of one that is not there succeeds; a failed
/// operation does not stop the others, the command then fails as a whole and says which.
/// </summary>
internal static class ApplyOpsCommand
{
    public static PendingReply Run(CommandContext context)
    {
        context.RequirePrimary();
        var results = new BsonArray();
        CommandFault? first = null;
        foreach (var operation in context.Command[0].AsBsonArray.Select(item => item.AsBsonDocument))
        {
            try
            {
                Apply(context, operation);
                results.Add(true);
            }
            catch (CommandFault fault)
            {
                first ??= fault;
                results.Add(false);
            }
        }

        var reply = new BsonDocument { { "applied", results.Count }, { "results", results } };
        if (first is not null)
        {
            return PendingReply.Now(first.ToReply().Merge(reply, true));
        }

        return context.WhenAcknowledged(context.Ok(reply));
    }

    private static void Apply(CommandContext context, BsonDocument operation)
    {
        var ns = operation["ns"].AsString;
        var body = operation["o"].AsBsonDocument;
        switch (operation["op"].AsString)
        {
            case "n":
                break;
            case "i":
                var target = Collection(context, operation);
                target.CheckUnique(body);
                context.Log("i", target.Namespace, body, new BsonDocument("_id", body["_id"]));
                break;
            case "d":
                if (context.State.Find(ns) is not null)
                {
                    context.Log("d", ns, new BsonDocument("_id", body["_id"]));
                }

                break;
            case "u":
                Update(context, Collection(context, operation), operation["o2"]["_id"], body);
                break;
            case "c" when body.GetElement(0).Name is "applyOps" or "commitTransaction" or "abortTransaction":
                throw CommandFault.BadValue("transactions are not replayed by the applyOps command");
            case "c":
                Check(context, DataState.DatabaseOf(ns), body.GetElement(0));
                context.LogCommand(DataState.DatabaseOf(ns), body, operation.TryGetValue("ui", out var uuid) ? uuid.AsGuid : Guid.NewGuid());
                break;
        }
    }

    private static void Check(CommandContext context, string database, BsonElement command)
    {
        var ns = command.Value.IsString ? $"{database}.{command.Value.AsString}" : database;
        if (command.Name == "create" && context.State.Find(ns) is not null)
        {
            throw CommandFault.NamespaceExists(ns);
        }

        if (command.Name is "drop" or "collMod" && context.State.Find(ns) is null)
        {
            throw CommandFault.NamespaceNotFound(ns);
        }
    }

    // By its UUID where the entry has one, as a server does; a collection of that name but another UUID is not it.
    private static FakeCollection Collection(CommandContext context, BsonDocument operation) =>
        operation.TryGetValue("ui", out var uuid) ? context.State.ByUuid(uuid.AsGuid) : context.State.Get(operation["ns"].AsString);

    private static void Update(CommandContext context, FakeCollection collection, BsonValue id, BsonDocument body)
    {
        var probe = collection.Fork();
        DataState.Update(probe, id, body, strict: true);
        context.Log("u", collection.Namespace, body, new BsonDocument("_id", id));
    }
}
