namespace DrMesh.FakeMongoServer.Replication;

/// <summary>How operations travel from the primary: at once, unless a member is down, cut off or paused.</summary>
internal static class Replication
{
    /// <param name="side">Members that reach each other.</param>
    /// <param name="primary">The primary among them; null: there is none.</param>
    public static void Replicate(IReadOnlyList<FakeMember> side, FakeMember? primary)
    {
        if (primary is null)
        {
            return;
        }

        foreach (var member in side.Where(member => member != primary && primary.Config.SeatOf(member) is not null))
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

        AdvanceCommitPoint(side, primary);
    }

    private static void CopyTo(FakeMember member, FakeMember source)
    {
        var common = Math.Min(member.Log.Count, source.Log.Count);
        while (common > 0 && FakeOpTime.Of(member.Log[common - 1]) != FakeOpTime.Of(source.Log[common - 1]))
        {
            common--;
        }

        if (common < member.Log.Count && !member.TryRollBackTo(common))
        {
            return;
        }

        foreach (var entry in source.Log.Skip(common).ToList())
        {
            member.Append(entry);
        }
    }

    // As in Raft: the highest position a majority of the voters has, and only once one of the current term is among them.
    private static void AdvanceCommitPoint(IReadOnlyList<FakeMember> side, FakeMember primary)
    {
        var voters = primary.Config.Voters.Count();
        var positions = primary.Config.Voters.Where(member => member.IsUp && side.Contains(member)).Select(member => member.LastApplied).OrderDescending().ToList();
        if (positions.Count <= voters / 2 || positions[voters / 2] is var point && point.Term != primary.LastApplied.Term)
        {
            return;
        }

        foreach (var member in side.Where(member => member.IsUp && primary.Config.SeatOf(member) is not null))
        {
            member.AdvanceCommitPoint(positions[voters / 2]);
        }
    }
}
