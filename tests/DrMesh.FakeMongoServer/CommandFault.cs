using MongoDB.Bson;

namespace DrMesh.FakeMongoServer;

/// <summary>A command that fails as a server would fail it: code and name are MongoDB's (error_codes.yml).</summary>
internal sealed class CommandFault(int code, string name, string message, params string[] labels) : Exception(message)
{
    public int Code { get; } = code;

    public BsonDocument ToReply()
    {
        var reply = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", Code }, { "codeName", name } };
        if (labels.Length > 0)
        {
            reply["errorLabels"] = new BsonArray(labels);
        }

        return reply;
    }

    public static CommandFault NotPrimary() => new(10107, "NotWritablePrimary", "not primary");

    public static CommandFault NotPrimaryNoSecondaryOk() => new(13435, "NotPrimaryNoSecondaryOk", "not primary and secondaryOk=false");

    public static CommandFault NamespaceNotFound(string ns) => new(26, "NamespaceNotFound", $"ns not found {ns}");

    public static CommandFault NamespaceExists(string ns) => new(48, "NamespaceExists", $"a collection {ns} already exists");

    public static CommandFault CursorNotFound(long id) => new(43, "CursorNotFound", $"cursor id {id} not found");

    public static CommandFault CappedPositionLost() =>
        new(136, "CappedPositionLost", "CollectionScan died due to position in capped collection being deleted");

    public static CommandFault DuplicateKey(string ns, string index, BsonValue key) =>
        new(11000, "DuplicateKey", $"E11000 duplicate key error collection: {ns} index: {index} dup key: {key}");

    public static CommandFault BadValue(string message) => new(2, "BadValue", message);

    public static CommandFault NoSuchCommand(string command) => new(59, "CommandNotFound", $"no such command: '{command}' (this is a fake server; see its README)");

    public static CommandFault NoSuchTransaction() =>
        new(251, "NoSuchTransaction", "Given transaction number does not match any in-progress transactions", "TransientTransactionError");

    public static CommandFault WriteConflict() => new(112, "WriteConflict", "Write conflict during the transaction", "TransientTransactionError");
}
