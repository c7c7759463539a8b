using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
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
    }

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

        var have = Members.Count(member => primary.Set.Members.Contains(member.Name) && member.Follows == primary.Name && member.Log.Contains(write));
        if (have < primary.Set.Needed)
        {
            return false;
        }

        _acknowledged.Add(write.Number);
        Story.Add($"{primary.Name} acknowledged {write.Number}");
        if (_leader is not null && _leader != primary)
        {
            Violation ??= $"S1: {primary.Name} acknowledged write {write.Number} after {_leader.Name} was promoted";
        }

        CheckLoss();
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
