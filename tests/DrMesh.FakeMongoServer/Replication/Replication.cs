namespace DrMesh.FakeMongoServer.Replication;

/// <summary>How operations travel from the primary: at once, unless a member is down, cut off or paused.</summary>
internal static class Replication
{
    public static void Replicate(FakeReplicaSet set, FakeMember? primary)
    {
        if (primary is null)
        {
            return;
        }

        foreach (var member in set.Members.Where(member => member != primary && member.IsReachable))
        {
            if (member.Role == MemberRole.Primary)
            {
                // An old primary that hears of a newer term steps down.
                member.Role = MemberRole.Secondary;
                member.DropClients();
            }

            if (!member.IsReplicationPaused)
            {
                CopyTo(member, primary);
            }
        }

        AdvanceCommitPoint(set, primary);
    }

    private static void CopyTo(FakeMember member, FakeMember source)
    {
        var common = Math.Min(member.Log.Count, source.Log.Count);
        while (common > 0 && FakeOpTime.Of(member.Log[common - 1]) != FakeOpTime.Of(source.Log[common - 1]))
        {
            common--;
        }

        if (common < member.Log.Count)
        {
            member.RollBackTo(common);
        }

        foreach (var entry in source.Log.Skip(common).ToList())
        {
            member.Append(entry);
        }
    }

    // As in Raft: the highest position a majority of the voters has, and only once one of the current term is among them.
    private static void AdvanceCommitPoint(FakeReplicaSet set, FakeMember primary)
    {
        var voters = set.Members.Count(member => member.Votes > 0 && member.Role != MemberRole.Removed);
        var positions = set.Members.Where(member => member.IsReachable && member.Votes > 0).Select(member => member.LastApplied).OrderDescending().ToList();
        if (positions.Count <= voters / 2 || positions[voters / 2] is var point && point.Term != primary.LastApplied.Term)
        {
            return;
        }

        foreach (var member in set.Members.Where(member => member.IsReachable))
        {
            member.AdvanceCommitPoint(positions[voters / 2]);
        }
    }
}
