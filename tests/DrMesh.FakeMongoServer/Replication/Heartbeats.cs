namespace DrMesh.FakeMongoServer.Replication;

/// <summary>How members learn of newer configurations: at once, from whom they reach.</summary>
internal static class Heartbeats
{
    public static void Exchange(IReadOnlyList<FakeMember> members)
    {
        var listening = members.Where(member => member.Role != MemberRole.Down).ToList();
        while (Learn(listening))
        {
        }

        foreach (var member in listening)
        {
            var isIn = member.Config.SeatOf(member) is not null;
            if (!isIn && member.Role != MemberRole.Removed)
            {
                member.Role = MemberRole.Removed;
                member.DropClients();
            }
            else if (isIn && member.Role == MemberRole.Removed)
            {
                member.Role = MemberRole.Secondary;
            }
        }
    }

    // One that is in touch with another learns of its configuration when either names the other.
    private static bool Learn(List<FakeMember> listening)
    {
        foreach (var member in listening)
        {
            var newer = listening.FirstOrDefault(other => other != member && member.Reaches(other) && other.Config.IsNewerThan(member.Config)
                && (member.Config.SeatOf(other) is not null || other.Config.SeatOf(member) is not null));
            if (newer is not null)
            {
                member.Config = newer.Config;
                return true;
            }
        }

        return false;
    }
}
