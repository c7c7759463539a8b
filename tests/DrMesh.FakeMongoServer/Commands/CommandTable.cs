using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Every command the fake knows. What is not here fails as an unknown command.</summary>
internal static class CommandTable
{
    private static readonly Dictionary<string, Func<CommandContext, PendingReply>> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hello"] = SetCommands.Hello,
        ["isMaster"] = SetCommands.Hello,
        ["ping"] = Plain,
        ["endSessions"] = Plain,
        ["killSessions"] = Plain,
        ["buildInfo"] = context => PendingReply.Now(context.Ok(new BsonDocument { { "version", "7.0.0" }, { "versionArray", new BsonArray { 7, 0, 0, 0 } } })),
        ["replSetGetStatus"] = SetCommands.Status,
        ["replSetGetConfig"] = SetCommands.Config,
        ["replSetGetRBID"] = context => PendingReply.Now(context.Ok(new BsonDocument("rbid", context.Member.Rollbacks + 1))),
        ["replSetReconfig"] = SetCommands.Reconfigure,
        ["replSetStepDown"] = SetCommands.StepDown,
        ["shutdown"] = SetCommands.Shutdown,
        ["appendOplogNote"] = SetCommands.AppendNote,
        ["insert"] = WriteCommands.Insert,
        ["update"] = WriteCommands.Update,
        ["delete"] = WriteCommands.Delete,
        ["applyOps"] = ApplyOpsCommand.Run,
        ["find"] = ReadCommands.Find,
        ["getMore"] = ReadCommands.GetMore,
        ["killCursors"] = ReadCommands.KillCursors,
        ["aggregate"] = ReadCommands.Aggregate,
        ["count"] = ReadCommands.Count,
        ["listDatabases"] = SchemaCommands.ListDatabases,
        ["listCollections"] = SchemaCommands.ListCollections,
        ["listIndexes"] = SchemaCommands.ListIndexes,
        ["create"] = SchemaCommands.Create,
        ["drop"] = SchemaCommands.Drop,
        ["dropDatabase"] = SchemaCommands.DropDatabase,
        ["createIndexes"] = SchemaCommands.CreateIndexes,
        ["dropIndexes"] = SchemaCommands.DropIndexes,
        ["collMod"] = SchemaCommands.Modify,
        ["renameCollection"] = SchemaCommands.Rename,
        ["_mergeAuthzCollections"] = SchemaCommands.MergeAuthorization,
        ["prepareTransaction"] = TransactionCommands.Prepare,
        ["commitTransaction"] = TransactionCommands.Commit,
        ["abortTransaction"] = TransactionCommands.Abort,
    };

    // What a member answers that is in no set's configuration.
    private static readonly HashSet<string> Always = new(StringComparer.OrdinalIgnoreCase)
    {
        "hello", "isMaster", "ping", "endSessions", "buildInfo", "replSetGetStatus", "replSetGetConfig", "replSetReconfig", "shutdown",
    };

    public static PendingReply Start(FakeMember member, BsonDocument command)
    {
        var context = new CommandContext(member, command);
        if (member.Role == MemberRole.Down)
        {
            throw new CommandFault(91, "ShutdownInProgress", "the member is down");
        }

        if (member.Role == MemberRole.Removed && !Always.Contains(context.Name))
        {
            throw new CommandFault(13436, "NotPrimaryOrSecondary", "node is not in primary or recovering state");
        }

        return Commands.TryGetValue(context.Name, out var run) ? run(context) : throw CommandFault.NoSuchCommand(context.Name);
    }

    private static PendingReply Plain(CommandContext context) => PendingReply.Now(context.Ok());
}
