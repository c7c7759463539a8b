using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>The ends of transactions. In the oplog: one <c>applyOps</c> entry, or a chain of them; a prepared one is followed by its decision.</summary>
internal static class TransactionCommands
{
    public static PendingReply Prepare(CommandContext context)
    {
        var transaction = Find(context);
        Write(context, transaction, isPrepare: true);
        transaction.IsPrepared = true;
        return context.WhenAcknowledged(context.Ok(new BsonDocument("prepareTimestamp", context.Member.LastApplied.Timestamp)));
    }

    public static PendingReply Commit(CommandContext context)
    {
        var transaction = Find(context);
        if (!transaction.IsCommitted)
        {
            if (transaction.IsPrepared)
            {
                Append(context, new BsonDocument { { "commitTransaction", 1 }, { "commitTimestamp", context.Member.LastApplied.Timestamp }, { "prepared", true } });
            }
            else if (transaction.Operations.Count > 0)
            {
                Write(context, transaction, isPrepare: false);
            }

            transaction.IsCommitted = true;
        }

        return context.WhenAcknowledged(context.Ok());
    }

    public static PendingReply Abort(CommandContext context)
    {
        var transaction = Find(context);
        if (transaction.IsPrepared)
        {
            Append(context, new BsonDocument("abortTransaction", 1));
        }

        context.Member.Transactions.Remove(context.Command["lsid"]);
        return context.WhenAcknowledged(context.Ok());
    }

    private static FakeTransaction Find(CommandContext context)
    {
        context.RequirePrimary();
        context.EnterTransaction();
        return context.Transaction!;
    }

    private static void Write(CommandContext context, FakeTransaction transaction, bool isPrepare)
    {
        var parts = transaction.Operations.Chunk(Math.Min(context.Set.TransactionOperationsPerEntry, Math.Max(1, transaction.Operations.Count))).ToList();
        var previous = new BsonDocument { { "ts", new BsonTimestamp(0, 0) }, { "t", -1L } };
        for (var i = 0; i < parts.Count; i++)
        {
            var body = new BsonDocument("applyOps", new BsonArray(parts[i]));
            if (i < parts.Count - 1)
            {
                body["partialTxn"] = true;
            }
            else
            {
                if (isPrepare)
                {
                    body["prepare"] = true;
                }

                if (parts.Count > 1)
                {
                    body["count"] = (long)transaction.Operations.Count;
                }
            }

            Append(context, body, previous);
            previous = context.Member.LastApplied.ToDocument();
        }
    }

    private static void Append(CommandContext context, BsonDocument body, BsonDocument? previous = null) => context.Set.Append(
        context.Member,
        new BsonDocument
        {
            { "op", "c" },
            { "ns", "admin.$cmd" },
            { "lsid", context.Command["lsid"] },
            { "txnNumber", context.Command["txnNumber"].ToInt64() },
            { "prevOpTime", previous ?? context.Member.LastApplied.ToDocument() },
            { "o", body },
        });
}
