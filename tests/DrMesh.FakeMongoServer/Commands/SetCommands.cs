using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Greeting and the commands of replica sets.</summary>
internal static class SetCommands
{
    private const int LargestWireVersion = 21;

    public static PendingReply Hello(CommandContext context)
    {
        var member = context.Member;
        var now = new BsonDateTime(context.Set.Time.GetUtcNow().UtcDateTime);
        var primary = member.Role == MemberRole.Primary ? member : context.Set.FindPrimary();
        var reply = new BsonDocument
        {
            { "helloOk", true },
            { "isWritablePrimary", context.IsPrimary },
            { "ismaster", context.IsPrimary },
            { "secondary", !context.IsPrimary },
            { "setName", context.Set.Name },
            { "setVersion", context.Set.ConfigVersion },
            { "hosts", new BsonArray(context.Set.Members.Where(other => other.Role != MemberRole.Removed && !other.IsHidden).Select(other => other.Host)) },
            { "me", member.Host },
            { "hidden", member.IsHidden },
            { "maxBsonObjectSize", 16 << 20 },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 },
            { "localTime", now },
            { "logicalSessionTimeoutMinutes", 30 },
            { "connectionId", 1 },
            { "minWireVersion", 0 },
            { "maxWireVersion", LargestWireVersion },
            { "readOnly", false },
            {
                "lastWrite",
                new BsonDocument
                {
                    { "opTime", member.LastApplied.ToDocument() },
                    { "lastWriteDate", Date(member.LastApplied) },
                    { "majorityOpTime", member.CommitPoint.ToDocument() },
                    { "majorityWriteDate", Date(member.CommitPoint) },
                }
            },
        };
        if (primary is not null && !member.IsIsolated)
        {
            reply["primary"] = primary.Host;
        }

        if (context.IsPrimary)
        {
            reply["electionId"] = new ObjectId($"7fffffff{member.LastApplied.Term:x16}");
        }

        return PendingReply.Now(context.Ok(reply));
    }

    public static PendingReply Status(CommandContext context)
    {
        var self = context.Member;
        var members = context.Set.Members.Where(member => member.Role != MemberRole.Removed).Select(member =>
        {
            var isSeen = member == self || (member.IsReachable && self.IsReachable);
            var role = isSeen ? member.Role : MemberRole.Down;
            var row = new BsonDocument
            {
                { "_id", member.Id },
                { "name", member.Host },
                { "health", isSeen ? 1.0 : 0.0 },
                { "state", (int)role },
                { "stateStr", isSeen ? role.ToString().ToUpperInvariant() : "(not reachable/healthy)" },
                { "optime", (isSeen ? member.LastApplied : FakeOpTime.None).ToDocument() },
                { "optimeDate", Date(isSeen ? member.LastApplied : FakeOpTime.None) },
                { "configVersion", context.Set.ConfigVersion },
            };
            if (member == self)
            {
                row["self"] = true;
            }

            return row;
        });
        return PendingReply.Now(context.Ok(new BsonDocument
        {
            { "set", context.Set.Name },
            { "date", new BsonDateTime(context.Set.Time.GetUtcNow().UtcDateTime) },
            { "myState", (int)self.Role },
            { "term", context.Set.Term },
            {
                "optimes",
                new BsonDocument
                {
                    { "lastCommittedOpTime", self.CommitPoint.ToDocument() },
                    { "readConcernMajorityOpTime", self.CommitPoint.ToDocument() },
                    { "appliedOpTime", self.LastApplied.ToDocument() },
                    { "durableOpTime", self.LastApplied.ToDocument() },
                }
            },
            { "members", new BsonArray(members) },
        }));
    }

    public static PendingReply Config(CommandContext context) => PendingReply.Now(context.Ok(new BsonDocument(
        "config",
        new BsonDocument
        {
            { "_id", context.Set.Name },
            { "version", context.Set.ConfigVersion },
            { "term", context.Set.Term },
            { "protocolVersion", 1L },
            {
                "members",
                new BsonArray(context.Set.Members.Where(member => member.Role != MemberRole.Removed).Select(member => new BsonDocument
                {
                    { "_id", member.Id },
                    { "host", member.Host },
                    { "arbiterOnly", false },
                    { "hidden", member.IsHidden },
                    { "priority", member.Priority },
                    { "secondaryDelaySecs", (long)member.DelaySeconds },
                    { "votes", member.Votes },
                }))
            },
        })));

    public static PendingReply Reconfigure(CommandContext context)
    {
        if (!context.Command.GetValue("force", false).ToBoolean())
        {
            context.RequirePrimary();
        }

        context.Set.Reconfigure(context.Command[0].AsBsonDocument);
        return PendingReply.Now(context.Ok());
    }

    public static PendingReply StepDown(CommandContext context)
    {
        context.RequirePrimary();
        var force = context.Command.GetValue("force", false).ToBoolean();
        var caughtUp = context.Set.Members.Any(
            member => member != context.Member && member.IsReachable && member.Priority > 0 && member.LastApplied == context.Member.LastApplied);
        if (!caughtUp && !force)
        {
            throw new CommandFault(262, "ExceededTimeLimit", "No electable secondaries caught up as of now. Please use the replSetStepDown command with the argument {force: true} to force node to step down.");
        }

        context.Member.Role = MemberRole.Secondary;
        if (context.Set.AutomaticElections)
        {
            context.Set.HoldElection(context.Member);
        }

        context.Set.Settle();
        return PendingReply.Now(context.Ok());
    }

    public static PendingReply AppendNote(CommandContext context)
    {
        context.RequirePrimary();
        context.Set.Append(context.Member, new BsonDocument { { "op", "n" }, { "ns", "" }, { "o", context.Command["data"] } });
        return context.WhenAcknowledged(context.Ok());
    }

    private static BsonDateTime Date(FakeOpTime position) => new(position.Timestamp.Timestamp * 1000L);
}
