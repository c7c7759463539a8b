using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>Whom a primary's commits wait for.</summary>
/// <param name="Set">The set.</param>
/// <param name="IsShort">Too few standbys are there for what the estate wants: writes wait, or go on waiting for nobody, as the policy says.</param>
public sealed record SurvivingSet(AcknowledgingSet Set, bool IsShort)
{
    /// <summary>Of the standbys that are there, those outside the primary's region; as many of them as wanted.</summary>
    /// <param name="move">The cluster.</param>
    /// <param name="primary">Who leads, or will.</param>
    /// <param name="there">The standbys that answer.</param>
    public static SurvivingSet Of(ClusterMove move, string primary, IEnumerable<string> there)
    {
        ArgumentNullException.ThrowIfNull(move);
        var wanted = move.Durability;
        if (wanted.Mode == DurabilityMode.Async)
        {
            return new SurvivingSet(AcknowledgingSet.Nobody, false);
        }

        bool IsElsewhere(string member) => member != primary && move.RegionOf(member) != move.RegionOf(primary);
        var near = there.Where(IsElsewhere).ToArray();
        if (near.Length >= wanted.Acknowledgements)
        {
            return new SurvivingSet(AcknowledgingSet.Of(wanted.Acknowledgements, near), false);
        }

        if (wanted.WhenQuorumLost == QuorumLost.Async)
        {
            return new SurvivingSet(AcknowledgingSet.Nobody, true);
        }

        // Writes wait for whoever comes back first.
        var all = move.Standbys.Append(move.OldPrimary).Where(IsElsewhere).ToArray();
        return new SurvivingSet(AcknowledgingSet.Of(Math.Max(1, wanted.Acknowledgements), all), true);
    }
}
