using System.Collections.Immutable;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Recovery;

/// <summary>What holds a failover back although the primary is down: no flapping, never too many, none in a blackout.</summary>
public static class FailoverRestraint
{
    /// <summary>One sentence for each reason; empty: nothing holds it back. A person's approval lifts them all.</summary>
    /// <param name="earlier">When failovers of the same application completed or were begun, in any order.</param>
    /// <param name="now">Now, by the same clock.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="blackout">The blackout that holds now; null: none.</param>
    public static ImmutableArray<string> Reasons(IReadOnlyCollection<DateTimeOffset> earlier, DateTimeOffset now, FailoverPolicy policy, BlackoutWindow? blackout)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(policy);
        var reasons = ImmutableArray.CreateBuilder<string>();
        if (earlier.Count > 0 && now - earlier.Max() is var since && since < policy.HoldTime)
        {
            reasons.Add($"the last failover was {since.TotalSeconds:0} s ago, within the hold time of {policy.HoldTime.TotalSeconds:0} s");
        }

        var lastHour = earlier.Count(at => now - at < TimeSpan.FromHours(1));
        if (lastHour >= policy.MaxPerHour)
        {
            reasons.Add($"{lastHour} failovers happened within the last hour, the limit is {policy.MaxPerHour}");
        }

        if (blackout is not null)
        {
            reasons.Add($"a blackout holds{(blackout.Reason is { } reason ? $": {reason}" : "")}");
        }

        return reasons.ToImmutable();
    }
}
