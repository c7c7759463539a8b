using DrMesh.FakeMongoServer.Replication;
using DrMesh.FakeMongoServer.Storage;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>One command on one member, under the set's lock.</summary>
internal sealed class CommandContext(FakeMember member, BsonDocument command)
{
    public FakeMember Member => member;

    public FakeReplicaSet Set => member.Set;

    public BsonDocument Command => command;

    public string Name => command.GetElement(0).Name;

    public string Database => command["$db"].AsString;

    /// <summary>The namespace the command's first field names.</summary>
    public string Namespace => $"{Database}.{command[0].AsString}";

    public bool IsPrimary => member.Role == MemberRole.Primary;

    /// <summary>The transaction the command belongs to, if any.</summary>
    public FakeTransaction? Transaction { get; private set; }

    /// <summary>The data the command sees.</summary>
    public DataState State => Transaction?.State ?? member.Applied;

    /// <summary>Finds or begins the command's transaction.</summary>
    public void EnterTransaction()
    {
        if (!command.Contains("autocommit"))
        {
            return;
        }

        var number = command["txnNumber"].ToInt64();
        if (command.GetValue("startTransaction", false).ToBoolean())
        {
            member.Transactions[command["lsid"]] = new FakeTransaction(number, member.Applied.Fork());
        }

        Transaction = member.Transactions.TryGetValue(command["lsid"], out var open) && open.Number == number ? open : throw CommandFault.NoSuchTransaction();
    }

    public void RequirePrimary()
    {
        if (!IsPrimary)
        {
            throw CommandFault.NotPrimary();
        }
    }

    /// <summary>A member that is not primary answers reads only when the client said it may.</summary>
    public void RequireReadable()
    {
        if (!IsPrimary && command.GetValue("$readPreference", new BsonDocument("mode", "primary")).AsBsonDocument["mode"].AsString == "primary")
        {
            throw CommandFault.NotPrimaryNoSecondaryOk();
        }
    }

    /// <summary>Writes one operation: into the transaction, or into the oplog.</summary>
    public void Log(string op, string ns, BsonDocument body, BsonDocument? id = null, int statement = -1)
    {
        var entry = new BsonDocument { { "op", op }, { "ns", ns } };
        if (State.Find(ns) is { } collection && op != "c")
        {
            entry["ui"] = Uuid(collection.Uuid);
        }

        entry["o"] = body;
        if (id is not null)
        {
            entry["o2"] = id;
        }

        if (Transaction is not null)
        {
            Transaction.Add(entry);
            return;
        }

        if (statement >= 0 && command.Contains("txnNumber"))
        {
            entry["lsid"] = command["lsid"];
            entry["txnNumber"] = command["txnNumber"].ToInt64();
            entry["stmtId"] = statement;
        }

        Set.Append(member, entry);
    }

    /// <summary>Writes a command's operation.</summary>
    public void LogCommand(string database, BsonDocument body, Guid? uuid = null)
    {
        var entry = new BsonDocument { { "op", "c" }, { "ns", $"{database}.$cmd" } };
        if (uuid is { } value)
        {
            entry["ui"] = Uuid(value);
        }

        entry["o"] = body;
        Set.Append(member, entry);
    }

    /// <summary>Creates a collection that is written to for the first time.</summary>
    public FakeCollection Ensure(string ns)
    {
        if (State.Find(ns) is null)
        {
            if (Transaction is not null)
            {
                Transaction.Add(CreateEntry(ns, []));
            }
            else
            {
                Create(ns, []);
            }
        }

        return State.Get(ns);
    }

    public void Create(string ns, BsonDocument options) => Set.Append(member, CreateEntry(ns, options));

    /// <summary>A reply that says ok, with the positions a client follows.</summary>
    public BsonDocument Ok(BsonDocument? fields = null) =>
        new BsonDocument(fields ?? []) { { "ok", 1.0 }, { "operationTime", member.LastApplied.Timestamp } };

    /// <summary>A write's reply, once its write concern is met; with an error beside it when the time is up first.</summary>
    public PendingReply WhenAcknowledged(BsonDocument reply)
    {
        var concern = command.GetValue("writeConcern", new BsonDocument()).AsBsonDocument;
        var written = member.LastApplied;
        if (!concern.TryGetValue("w", out var w) || w != "majority")
        {
            return PendingReply.Now(reply);
        }

        var patience = concern.TryGetValue("wtimeout", out var wtimeout) ? TimeSpan.FromMilliseconds(wtimeout.ToDouble()) : TimeSpan.FromMinutes(5);
        return new PendingReply(
            isTimeUp =>
            {
                if (member.Role != MemberRole.Primary)
                {
                    throw new CommandFault(11602, "InterruptedDueToReplStateChange", "operation was interrupted");
                }

                if (member.CommitPoint >= written)
                {
                    return reply;
                }

                return isTimeUp
                    ? reply.Add("writeConcernError", new BsonDocument { { "code", 64 }, { "codeName", "WriteConcernTimeout" }, { "errmsg", "waiting for replication timed out" } })
                    : null;
            },
            patience);
    }

    public static BsonBinaryData Uuid(Guid value) => new(value, GuidRepresentation.Standard);

    private static BsonDocument CreateEntry(string ns, BsonDocument options) => new()
    {
        { "op", "c" },
        { "ns", $"{DataState.DatabaseOf(ns)}.$cmd" },
        { "ui", Uuid(Guid.NewGuid()) },
        { "o", new BsonDocument("create", DataState.CollectionOf(ns)).AddRange(options) },
    };
}
