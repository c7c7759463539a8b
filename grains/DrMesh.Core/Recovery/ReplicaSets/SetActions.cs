using DrMesh.Contracts.Recovery;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>Moves a set's primary one action after another, each from what is seen then: whoever goes on after a crash does what is still missing and nothing twice.</summary>
public static class SetActions
{
    private static readonly TimeSpan CloseEnough = TimeSpan.FromSeconds(2);

    /// <summary>What is next.</summary>
    /// <param name="seen">The set as it is seen now.</param>
    /// <param name="move">What the plan does with it.</param>
    /// <param name="chosen">What the session chose, and a person approved where it is forced.</param>
    /// <param name="isApproved">Whether a person approved that the survivors are forced into a set of their own.</param>
    public static SetAction Next(MongoSet seen, SetMove move, SetChoice chosen, bool isApproved)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(chosen);
        if (chosen.Way == SetWay.Stay || chosen.Candidate is not { } candidate)
        {
            return new SetAction.Refuse(chosen.Reason);
        }

        var configuration = SetConfiguration.Of(seen);
        var hasMajority = configuration.CanElect(SetChoice.Answering(seen).Select(member => member.Host));
        return seen.Primary is { } primary
            ? hasMajority ? HandOver(seen, move, primary, candidate) : new SetAction.Wait($"{move.NameOf(primary.Host)} serves without a majority")
            : hasMajority ? new SetAction.Wait("no primary is elected yet") : Force(seen, move, chosen, isApproved);
    }

    private static SetAction HandOver(MongoSet seen, SetMove move, MongoMember primary, string candidate)
    {
        if (seen.Members.FirstOrDefault(member => member.Host == candidate) is not { IsReachable: true } next)
        {
            return new SetAction.Refuse($"{move.NameOf(candidate)} does not answer any more; {move.NameOf(primary.Host)} leads");
        }

        var wanted = SetPriorities.For(move, seen.Members, candidate);
        if (!wanted.IsSame(SetConfiguration.Of(seen)))
        {
            return new SetAction.Reconfigure(primary.Host, wanted, IsForced: false);
        }

        if (next == primary)
        {
            return new SetAction.Done(next.Applied);
        }

        return next.State != MongoMemberState.Secondary || next.Lag > CloseEnough
            ? new SetAction.Wait($"{move.NameOf(candidate)} is {next.State} and {next.Lag.TotalSeconds:0} s behind")
            : new SetAction.StepDown(primary.Host);
    }

    // A person approved these survivors and this loss: with fewer of them, or another to lead, it would be something else.
    private static SetAction Force(MongoSet seen, SetMove move, SetChoice chosen, bool isApproved)
    {
        if (chosen.Way != SetWay.Force || !isApproved)
        {
            return new SetAction.Refuse("the set has lost its majority, and nobody approved that the survivors are forced into a set of their own");
        }

        var now = SetChoice.Of(seen, move, RecoveryKind.Failover);
        if (now.Way != SetWay.Force || !now.Survivors.SequenceEqual(chosen.Survivors) || !now.Lost.SequenceEqual(chosen.Lost)
            || seen.Members.First(member => member.Host == chosen.Candidate).Applied is var position && (position < chosen.Position || position < now.Position))
        {
            return new SetAction.Refuse($"the set is not as it was approved: {now.Reason}; survivors {string.Join(", ", now.Survivors.Select(move.NameOf))}");
        }

        return new SetAction.Reconfigure(
            chosen.Candidate!, SetPriorities.For(move, seen.Members.Where(member => chosen.Survivors.Contains(member.Host)), chosen.Candidate!, allVote: true), IsForced: true);
    }
}
