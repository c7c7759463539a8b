using System.Text;
using DrMesh.Contracts.Audit;

namespace DrMesh.Core.Audit;

/// <summary>What is to be written to the audit trail.</summary>
public sealed record AuditRecord
{
    /// <summary>Longest text of a field, in characters; what is longer is cut and ends in an ellipsis.</summary>
    public const int LongestText = 4000;

    /// <summary>The same for an operation's intent and its outcome.</summary>
    public required Guid Operation { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>What was asked.</summary>
    public required string Action { get; init; }

    /// <summary>What it was asked of.</summary>
    public required string Target { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What became of it.</summary>
    public required AuditOutcome Outcome { get; init; }

    /// <summary>The refusal's reason or the fault.</summary>
    public string Detail { get; init; } = "";

    /// <summary>
    /// The record with every text as the store gives it back: PostgreSQL keeps no zero character and no half of a surrogate pair, and a hash over
    /// what was cut on the way in could never be found right.
    /// </summary>
    public AuditRecord Storable() => this with
    {
        Actor = Storable(Actor), Action = Storable(Action), Target = Storable(Target), Reason = Storable(Reason), Detail = Storable(Detail),
    };

    private static string Storable(string text)
    {
        var cut = text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 1), "…");
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)).Replace('\0', '\uFFFD');
    }
}
