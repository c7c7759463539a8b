using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;

namespace DrMesh.Core.Tests.Recovery.Simulation;

/// <summary>A cluster whose members die, come back, and are cut off from each other and from the session; it watches S1 and S2 at every acknowledgement and promotion.</summary>
internal sealed class SimCluster
{
    private readonly Random _random;
    private readonly bool _promisesAreKept;
    private readonly HashSet<(string, string)> _cuts = [];
    private readonly HashSet<int> _acknowledged = [];
    private int _writes;
    private SimMember? _leader;

    public SimCluster(Random random, int standbys, int needed, bool promisesAreKept)
    {
        _random = random;
        _promisesAreKept = promisesAreKept;
        Members = [.. Enumerable.Range(0, standbys + 1).Select(number => new SimMember($"m{number}"))];
        Members[0].IsPrimary = true;
        Members[0].Set = SetOf(Members[0], needed);
        foreach (var standby in Members[1..])
        {
            standby.Follows = Members[0].Name;
        }

        Needed = needed;
        Declared = Declare(needed);
        Record = ClusterRecord.Found(Declared.Name, Members[0].Name, Members[0].Set);
    }

    /// <summary>The cluster as an estate declares it: every member in a region of its own.</summary>
    public PostgreSqlCluster Declared { get; }

    /// <summary>The cluster's record in the control store.</summary>
    public ClusterRecord Record { get; private set; }

    /// <summary>Whether the control store answers sessions and the keeper.</summary>
    public bool StoreIsUp { get; set; } = true;

    /// <summary>Whether it comes and goes by itself.</summary>
    public bool StoreFails { get; init; } = true;

    /// <summary>Orders on their way, which may arrive at any time, whoever sent them.</summary>
    public List<Action> Late { get; } = [];

    public ImmutableArray<SimMember> Members { get; }

    /// <summary>What happened to the members, for whoever must understand a violation.</summary>
    public List<string> Story { get; } = [];

    public int Needed { get; }

    /// <summary>The first thing that went wrong; null: nothing.</summary>
    public string? Violation { get; private set; }

    public SimMember this[string name] => Members.Single(member => member.Name == name);

    public AcknowledgingSet SetOf(SimMember primary, int needed) => AcknowledgingSet.Of(needed, [.. Members.Where(member => member != primary).Select(member => member.Name)]);

    public bool Reaches(string from, string to) => !_cuts.Contains(Pair(from, to));

    public bool SessionReaches(SimMember member) => member.IsAlive && Reaches("session", member.Name);

    /// <summary>One thing happens in the world.</summary>
    public void Happen()
    {
        var member = Members[_random.Next(Members.Length)];
        if (StoreFails && _random.Next(15) == 0)
        {
            StoreIsUp = !StoreIsUp || _random.Next(3) > 0;
        }

        if (Late.Count > 0 && _random.Next(12) == 0)
        {
            var order = Late[_random.Next(Late.Count)];
            Late.Remove(order);
            order();
        }

        switch (_random.Next(10))
        {
            case 0:
                member.IsAlive = false;
                break;
            case 1 or 2:
                member.IsAlive = true;
                break;
            case 3:
                _cuts.Add(Pair(Any(), Any()));
                break;
            case 4:
                _cuts.Clear();
                break;
            default:
                foreach (var primary in Members.Where(candidate => candidate.IsPrimary))
                {
                    Write(primary);
                }

                break;
        }
    }

    /// <summary>A client writes; some of the followers get it. Returns whether it was acknowledged.</summary>
    public bool Write(SimMember primary)
    {
        if (!primary.IsAlive || primary.IsFenced || !primary.IsPrimary)
        {
            return false;
        }

        var write = new SimWrite(++_writes, primary.Timeline);
        primary.Log.Add(write);
        foreach (var follower in Members.Where(member => member.IsAlive && member.Follows == primary.Name && Reaches(primary.Name, member.Name)))
        {
            if (_random.Next(4) > 0)
            {
                follower.CopyFrom(primary);
            }
        }

        // A commit that waited for long is acknowledged as soon as enough of the set have it.
        foreach (var waiting in primary.Log.Where(one => one.Timeline == primary.Timeline && !_acknowledged.Contains(one.Number) && IsCovered(primary, one)).ToArray())
        {
            _acknowledged.Add(waiting.Number);
            Story.Add($"{primary.Name} acknowledged {waiting.Number}");
            if (_leader is not null && _leader != primary)
            {
                Violation ??= $"S1: {primary.Name} acknowledged write {waiting.Number} after {_leader.Name} was promoted";
            }
        }

        CheckLoss();
        return _acknowledged.Contains(write.Number);
    }

    /// <summary>Stores a record by compare-and-set.</summary>
    public bool TryStore(ClusterRecord next)
    {
        if (!StoreIsUp || next.Version != Record.Version + 1)
        {
            return false;
        }

        Record = next;
        Story.Add($"record {next.Version}: epoch {next.Epoch}, {next.Primary} leads, session {next.Session}, candidate {next.Candidate}, sets {AcknowledgingSetText.Write(next.OpenSets)}");
        return true;
    }

    /// <summary>An agent sets whom its primary's commits wait for.</summary>
    public bool SetAcknowledging(SimMember member, long epoch, AcknowledgingSet set)
    {
        if (!SessionReaches(member) || member.Epoch > epoch || !member.IsPrimary)
        {
            return false;
        }

        member.Epoch = epoch;
        member.Set = set;
        Story.Add($"{member.Name} waits for {set} under epoch {epoch}");
        return true;
    }

    /// <summary>An agent fences its server.</summary>
    public bool Fence(SimMember member, long epoch)
    {
        if (!SessionReaches(member) || member.Epoch > epoch)
        {
            return false;
        }

        member.Epoch = epoch;
        member.IsFenced = true;
        Story.Add($"{member.Name} is fenced under epoch {epoch}");
        return true;
    }

    public Promise? Promise(SimMember member, long epoch)
    {
        if (member.Epoch > epoch || member.IsPrimary)
        {
            return null;
        }

        member.Epoch = epoch;
        Story.Add($"{member.Name} promised under epoch {epoch} with {member.Log.Count} writes");
        if (_promisesAreKept)
        {
            member.Follows = null;
        }

        return new Promise(member.Name, epoch, new(member.LastTimeline), new((ulong)member.Log.Count));
    }

    public bool Promote(SimMember member, long epoch, AcknowledgingSet set)
    {
        if (member.Epoch != epoch)
        {
            return false;
        }

        if (!member.IsPrimary)
        {
            Story.Add($"{member.Name} was promoted under epoch {epoch} with {member.Log.Count} writes");
            member.IsPrimary = true;
            member.Follows = null;
            member.IsFenced = false;
            member.Timeline = (uint)epoch + 1;
            member.Set = set;
            // An order that was on its way while the session moved on makes a primary nobody follows; the one of the highest epoch leads.
            _leader = _leader is null || _leader.Timeline < member.Timeline ? member : _leader;
            CheckLoss();
        }

        return true;
    }

    public bool Repoint(SimMember member, SimMember primary, long epoch)
    {
        if (member.Epoch > epoch || member == primary || (member.IsPrimary && !member.IsFenced))
        {
            return false;
        }

        member.Epoch = epoch;
        member.IsPrimary = false;
        member.IsFenced = false;
        member.Follows = primary.Name;
        Story.Add($"{member.Name} follows {primary.Name} under epoch {epoch}");
        if (Reaches(member.Name, primary.Name) && primary.IsAlive)
        {
            member.CopyFrom(primary);
        }

        return true;
    }

    private static bool Has(SimMember member, SimMember primary, SimWrite write) => member.Follows == primary.Name && member.Log.Contains(write);

    private bool IsCovered(SimMember primary, SimWrite write) =>
        Members.Count(member => primary.Set.Members.Contains(member.Name) && Has(member, primary, write)) >= primary.Set.Needed;

    private PostgreSqlCluster Declare(int needed) => new()
    {
        Name = new ClusterId("orders"),
        Policy = "policy",
        PrimaryRegion = new RegionId(Members[0].Name),
        Durability = new DurabilityDefinition { Acknowledgements = needed },
        ControlUser = new DatabaseUser { Name = "control" },
        ReplicationUser = new DatabaseUser { Name = "replication" },
        Members = [.. Members.Select(member => new PostgreSqlMember { Name = member.Name, Node = new NodeId(new RegionId(member.Name), "n"), DataDirectory = "/data" })],
    };

    private static (string, string) Pair(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    private string Any() => _random.Next(4) == 0 ? "session" : Members[_random.Next(Members.Length)].Name;

    private void CheckLoss()
    {
        if (_leader is { } leader && _acknowledged.Except(leader.Log.Select(write => write.Number)).ToArray() is { Length: > 0 } lost)
        {
            Violation ??= $"S2: {leader.Name} leads without acknowledged writes {string.Join(", ", lost.Take(3))}";
        }
    }
}
