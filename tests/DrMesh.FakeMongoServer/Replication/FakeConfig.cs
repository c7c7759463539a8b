namespace DrMesh.FakeMongoServer.Replication;

/// <summary>A replica set's configuration. Each member has one; a newer one travels by heartbeats to whom it names, and to whom an older one names.</summary>
internal sealed class FakeConfig(int version, long term, IReadOnlyList<FakeSeat> seats)
{
    /// <summary>The version; a forced one makes a great leap, so that no other change of the same time is higher.</summary>
    public int Version => version;

    /// <summary>The term of the primary that made it; -1: it was forced, and then versions alone tell which is newer.</summary>
    public long Term => term;

    /// <summary>The members.</summary>
    public IReadOnlyList<FakeSeat> Seats => seats;

    /// <summary>Those that vote.</summary>
    public IEnumerable<FakeMember> Voters => seats.Where(seat => seat.Votes > 0).Select(seat => seat.Member);

    /// <summary>How many of them elect.</summary>
    public int Majority => (Voters.Count() / 2) + 1;

    /// <summary>A member's seat; null: it has none.</summary>
    public FakeSeat? SeatOf(FakeMember member) => seats.FirstOrDefault(seat => seat.Member == member);

    /// <summary>As servers compare them (ConfigVersionAndTerm).</summary>
    public bool IsNewerThan(FakeConfig other) => term == other.Term || term == -1 || other.Term == -1 ? version > other.Version : term > other.Term;
}

/// <summary>A member's place in a configuration.</summary>
internal sealed class FakeSeat(FakeMember member)
{
    public FakeMember Member => member;

    public double Priority { get; set; } = 1;

    public int Votes { get; set; } = 1;

    public bool IsHidden { get; set; }

    public int DelaySeconds { get; set; }
}
