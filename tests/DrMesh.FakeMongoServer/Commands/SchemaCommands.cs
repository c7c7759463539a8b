using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Databases, collections, indexes.</summary>
internal static class SchemaCommands
{
    // What a driver adds to a command that is not an option of the collection.
    private static readonly HashSet<string> CommandFields =
        ["create", "collMod", "$db", "lsid", "writeConcern", "$clusterTime", "$readPreference", "txnNumber", "idIndex", "readConcern", "comment"];

    public static PendingReply ListDatabases(CommandContext context)
    {
        context.RequireReadable();
        var names = context.State.Databases.Append("local").Distinct().Order(StringComparer.Ordinal);
        var rows = names.Select(name => new BsonDocument { { "name", name }, { "sizeOnDisk", 0L }, { "empty", false } });
        return PendingReply.Now(context.Ok(new BsonDocument { { "databases", new BsonArray(rows) }, { "totalSize", 0L } }));
    }

    public static PendingReply ListCollections(CommandContext context)
    {
        context.RequireReadable();
        var filter = context.Command.GetValue("filter", new BsonDocument()).AsBsonDocument;
        var rows = context.State.InDatabase(context.Database).Select(Describe).Where(row => Matcher.Matches(row, filter));
        return PendingReply.Now(ReadCommands.Start(
            context, FakeCursor.Over($"{context.Database}.$cmd.listCollections", rows), context.Command.GetValue("cursor", new BsonDocument()).AsBsonDocument));
    }

    public static PendingReply ListIndexes(CommandContext context)
    {
        context.RequireReadable();
        var collection = context.State.Get(context.Namespace);
        if (collection.IsView && !collection.Options.Contains("timeseries"))
        {
            throw new CommandFault(166, "CommandNotSupportedOnView", $"Namespace {collection.Namespace} is a view, not a collection");
        }

        return PendingReply.Now(ReadCommands.Start(
            context, FakeCursor.Over(context.Namespace, collection.IsView ? [] : collection.Indexes), context.Command.GetValue("cursor", new BsonDocument()).AsBsonDocument));
    }

    public static PendingReply Create(CommandContext context)
    {
        context.RequirePrimary();
        if (context.State.Find(context.Namespace) is not null)
        {
            throw CommandFault.NamespaceExists(context.Namespace);
        }

        var options = Options(context.Command);
        if (options.TryGetValue("timeseries", out var timeseries))
        {
            // A time-series collection is a view of its buckets.
            var buckets = $"system.buckets.{context.Command[0].AsString}";
            context.Create($"{context.Database}.{buckets}", new BsonDocument { { "clusteredIndex", true }, { "timeseries", timeseries } });
            options = new BsonDocument { { "viewOn", buckets }, { "pipeline", new BsonArray() }, { "timeseries", timeseries } };
        }

        context.Create(context.Namespace, options);
        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply Drop(CommandContext context)
    {
        context.RequirePrimary();
        if (context.State.Find(context.Namespace) is { } collection)
        {
            context.LogCommand(context.Database, new BsonDocument("drop", context.Command[0]), collection.Uuid);
        }

        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply DropDatabase(CommandContext context)
    {
        context.RequirePrimary();
        foreach (var collection in context.State.InDatabase(context.Database).ToList())
        {
            context.LogCommand(context.Database, new BsonDocument("drop", DataState.CollectionOf(collection.Namespace)), collection.Uuid);
        }

        context.LogCommand(context.Database, new BsonDocument("dropDatabase", 1));
        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply CreateIndexes(CommandContext context)
    {
        context.RequirePrimary();
        var collection = context.Ensure(context.Namespace);
        foreach (var index in context.Command["indexes"].AsBsonArray.Select(item => item.AsBsonDocument))
        {
            if (collection.Indexes.Any(existing => existing["name"] == index["name"]))
            {
                continue;
            }

            var specification = new BsonDocument("v", 2).Merge(index, true);
            context.LogCommand(context.Database, new BsonDocument("createIndexes", context.Command[0]).AddRange(specification), collection.Uuid);
        }

        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply DropIndexes(CommandContext context)
    {
        context.RequirePrimary();
        var collection = context.State.Get(context.Namespace);
        foreach (var name in collection.Indexes.Select(index => index["name"]).Where(name => context.Command["index"] == "*" || context.Command["index"] == name).ToList())
        {
            context.LogCommand(context.Database, new BsonDocument { { "dropIndexes", context.Command[0] }, { "index", name } }, collection.Uuid);
        }

        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply Modify(CommandContext context)
    {
        context.RequirePrimary();
        var collection = context.State.Get(context.Namespace);
        context.LogCommand(context.Database, new BsonDocument("collMod", context.Command[0]).AddRange(Options(context.Command)), collection.Uuid);
        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply Rename(CommandContext context)
    {
        context.RequirePrimary();
        var from = context.Command[0].AsString;
        var to = context.Command["to"].AsString;
        var collection = context.State.Get(from);
        if (context.State.Find(to) is { } other)
        {
            if (!context.Command.GetValue("dropTarget", false).ToBoolean())
            {
                throw CommandFault.NamespaceExists(to);
            }

            context.LogCommand(DataState.DatabaseOf(to), new BsonDocument("drop", DataState.CollectionOf(to)), other.Uuid);
        }

        context.LogCommand(DataState.DatabaseOf(from), new BsonDocument { { "renameCollection", from }, { "to", to }, { "stayTemp", false } }, collection.Uuid);
        return context.WhenAcknowledged(context.Ok());
    }

    /// <summary>Replaces or adds users and roles from collections of the same form, as mongorestore does.</summary>
    public static PendingReply MergeAuthorization(CommandContext context)
    {
        context.RequirePrimary();
        foreach (var (field, target) in new[] { ("tempUsersCollection", "admin.system.users"), ("tempRolesCollection", "admin.system.roles") })
        {
            var source = context.Command.GetValue(field, "").AsString;
            if (source.Length == 0)
            {
                continue;
            }

            var existing = context.Ensure(target);
            var wanted = context.State.Find(source)?.Documents.ToList() ?? [];
            if (context.Command.GetValue("drop", false).ToBoolean())
            {
                foreach (var gone in existing.Documents.Where(document => wanted.All(kept => kept["_id"] != document["_id"])).ToList())
                {
                    context.Log("d", target, new BsonDocument("_id", gone["_id"]));
                }
            }

            wanted.ForEach(document => context.Log("i", target, document, new BsonDocument("_id", document["_id"])));
        }

        return context.WhenAcknowledged(context.Ok());
    }

    private static BsonDocument Describe(FakeCollection collection)
    {
        var kind = collection.Options.Contains("timeseries") && collection.IsView ? "timeseries" : collection.IsView ? "view" : "collection";
        var options = kind == "timeseries" ? new BsonDocument("timeseries", collection.Options["timeseries"]) : collection.Options;
        var row = new BsonDocument { { "name", DataState.CollectionOf(collection.Namespace) }, { "type", kind }, { "options", options } };
        row["info"] = kind == "collection"
            ? new BsonDocument { { "readOnly", false }, { "uuid", CommandContext.Uuid(collection.Uuid) } }
            : new BsonDocument("readOnly", kind == "view");
        if (kind == "collection")
        {
            row["idIndex"] = collection.Indexes[0];
        }

        return row;
    }

    private static BsonDocument Options(BsonDocument command) => new(command.Elements.Where(element => !CommandFields.Contains(element.Name)));
}
