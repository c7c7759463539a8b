using System.Collections.Immutable;
using System.Globalization;

namespace DrMesh.Core.Setup;

/// <summary>
/// Whether clocks agree. No decision of the mesh rests on a wall clock; but a person names the time to restore to by one, and the notes of several machines
/// are read side by side.
/// </summary>
public static class ClockFindings
{
    private static readonly TimeSpan Tolerable = TimeSpan.FromSeconds(1);

    /// <summary>The finding for a clock that is <paramref name="ahead"/> of this machine's, give or take <paramref name="margin"/>.</summary>
    public static ImmutableArray<SetupFinding> Of(string subject, TimeSpan ahead, TimeSpan margin)
    {
        var found = new FindingList(subject);
        var distance = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(ahead.TotalSeconds):0.000} s");
        var direction = ahead < TimeSpan.Zero ? "behind" : "ahead of";
        found.Require(
            ahead.Duration() <= Tolerable + margin,
            "clock",
            $"its clock is within {distance} of this machine's",
            $"its clock is {distance} {direction} this machine's",
            "let both follow a time server: timedatectl set-ntp true, or apt-get install chrony");
        return found.ToImmutable();
    }
}
