using DrMesh.FakeMongoServer.Replication;
using MongoDB.Bson;

namespace DrMesh.FakeMongoServer.Commands;

/// <summary>Greeting and the commands of replica sets.</summary>
internal static class SetCommands
{
    private const int LargestWireVersion = 21;
    private const int ForcedLeap = 10_000;

    public static PendingReply Hello(CommandContext context)
    {
        var member = context.Member;
        var now = new BsonDateTime(context.Set.Time.GetUtcNow().UtcDateTime);
        var primary = context.Set.FindPrimary(member);
        var reply = new BsonDocument
        {
            { "helloOk", true },
            { "isWritablePrimary", context.IsPrimary },
            { "ismaster", context.IsPrimary },
            { "secondary", member.Role == MemberRole.Secondary },
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
        if (member.Role == MemberRole.Removed)
        {
            reply["isreplicaset"] = true;
            return PendingReply.Now(context.Ok(reply));
        }

        reply["setName"] = context.Set.Name;
        reply["setVersion"] = member.Config.Version;
        reply["hosts"] = new BsonArray(member.Config.Seats.Where(seat => !seat.IsHidden).Select(seat => seat.Member.Host));
        if (primary is not null)
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
        RequireMember(self);
        var members = self.Config.Seats.Select(seat => seat.Member).Select(member =>
        {
            var isSeen = self.Reaches(member);
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
                { "configVersion", member.Config.Version },
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

    public static PendingReply Config(CommandContext context)
    {
        var config = context.Member.Config;
        return PendingReply.Now(context.Ok(new BsonDocument(
            "config",
            new BsonDocument
            {
                { "_id", context.Set.Name },
                { "version", config.Version },
                { "term", config.Term },
                { "protocolVersion", 1L },
                {
                    "members",
                    new BsonArray(config.Seats.Select(seat => new BsonDocument
                    {
                        { "_id", seat.Member.Id },
                        { "host", seat.Member.Host },
                        { "arbiterOnly", false },
                        { "hidden", seat.IsHidden },
                        { "priority", seat.Priority },
                        { "secondaryDelaySecs", (long)seat.DelaySeconds },
                        { "votes", seat.Votes },
                    }))
                },
            })));
    }

    // As replSetReconfig does: only the primary may, a higher version is needed, at most one voter comes or goes; forced, on any member, none of that, and the version makes a leap.
    public static PendingReply Reconfigure(CommandContext context)
    {
        var isForced = context.Command.GetValue("force", false).ToBoolean();
        var member = context.Member;
        var given = context.Command[0].AsBsonDocument;
        RequireMember(member);
        if (!isForced)
        {
            context.RequirePrimary();
        }

        var seats = given["members"].AsBsonArray.Select(row => SeatOf(context.Set, row.AsBsonDocument)).ToList();
        var version = given["version"].ToInt32();
        if (seats.All(seat => seat.Member != member))
        {
            throw Incompatible("This node is not a member of the new config");
        }

        if (!isForced && version <= member.Config.Version)
        {
            throw Incompatible($"New replica set configuration version must be greater than old, but {version} is not greater than {member.Config.Version}");
        }

        var voters = seats.Where(seat => seat.Votes > 0).Select(seat => seat.Member).ToHashSet();
        if (!isForced && member.Config.Voters.Except(voters).Count() + voters.Except(member.Config.Voters).Count() > 1)
        {
            throw Incompatible("Non force replica set reconfig can only add or remove at most 1 voting member");
        }

        context.Set.Reconfigure(
            member, isForced ? new FakeConfig(Math.Max(version, member.Config.Version + 1) + ForcedLeap, -1, seats) : new FakeConfig(version, member.Term, seats));
        return PendingReply.Now(context.Ok());
    }

    public static PendingReply Shutdown(CommandContext context)
    {
        context.Set.Kill(context.Member);
        return PendingReply.Now(context.Ok());
    }

    public static PendingReply StepDown(CommandContext context)
    {
        context.RequirePrimary();
        var force = context.Command.GetValue("force", false).ToBoolean();
        var caughtUp = context.Member.Config.Seats.Any(
            seat => seat.Member != context.Member && seat.Priority > 0 && seat.Member.IsUp && context.Member.Reaches(seat.Member) && seat.Member.LastApplied == context.Member.LastApplied);
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

    private static void RequireMember(FakeMember member)
    {
        if (member.Role == MemberRole.Removed)
        {
            throw new CommandFault(93, "InvalidReplicaSetConfig", "Our replica set config is invalid or we are not a member of it");
        }
    }

    private static FakeSeat SeatOf(FakeReplicaSet set, BsonDocument row)
    {
        var member = set.Members.FirstOrDefault(known => known.Host == row["host"].AsString) ?? throw CommandFault.BadValue($"this fake has no member {row["host"]}");
        var seat = new FakeSeat(member)
        {
            Priority = row.GetValue("priority", 1).ToDouble(),
            Votes = row.GetValue("votes", 1).ToInt32(),
            IsHidden = row.GetValue("hidden", false).ToBoolean(),
            DelaySeconds = row.GetValue("secondaryDelaySecs", 0).ToInt32(),
        };
        return seat is { Votes: 0, Priority: > 0 } ? throw Incompatible("priority must be 0 when non-voting (votes:0)") : seat;
    }

    private static CommandFault Incompatible(string message) => new(103, "NewReplicaSetConfigurationIncompatible", message);

    private static BsonDateTime Date(FakeOpTime position) => new(position.Timestamp.Timestamp * 1000L);
}
