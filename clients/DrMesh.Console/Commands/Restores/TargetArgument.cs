using System.Globalization;
using System.Text.RegularExpressions;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Restores;

namespace DrMesh.Console.Commands.Restores;

/// <summary>How a person writes a recovery target.</summary>
internal static partial class TargetArgument
{
    /// <summary>What <c>--to</c> takes.</summary>
    public const string Help =
        "A time (2026-11-24T06:50:38Z; without a zone it is UTC), an LSN (0/3000148), xid:N, latest, immediate, or a restore point's name";

    /// <summary>Reads a target; what is none of the other forms is a restore point's name.</summary>
    public static RecoveryTarget Parse(string text)
    {
        if (text is "latest")
        {
            return RecoveryTarget.Latest;
        }

        if (text is "immediate")
        {
            return RecoveryTarget.Immediate;
        }

        if (text.StartsWith("xid:", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(4), CultureInfo.InvariantCulture, out var transaction))
        {
            return RecoveryTarget.After(transaction);
        }

        if (PositionForm().IsMatch(text))
        {
            return RecoveryTarget.At(Lsn.Parse(text));
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? RecoveryTarget.At(time)
            : RecoveryTarget.Named(text);
    }

    [GeneratedRegex("^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$")]
    private static partial Regex PositionForm();
}
