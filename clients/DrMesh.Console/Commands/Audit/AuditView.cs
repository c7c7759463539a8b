using System.Collections.Immutable;
using DrMesh.Console.Output;
using DrMesh.Contracts.Audit;
using Spectre.Console;

namespace DrMesh.Console.Commands.Audit;

/// <summary>The trail for a person.</summary>
internal static class AuditView
{
    /// <summary>Writes one line a row.</summary>
    public static void Write(IAnsiConsole console, ImmutableArray<AuditEntry> rows)
    {
        if (rows.IsEmpty)
        {
            console.WriteLine("no row");
            return;
        }

        var table = Tables.Create("ROW", "AT", "ACTOR", "ACTION", "TARGET", "OUTCOME", "REASON", "DETAIL");
        foreach (var row in rows)
        {
            table.Row(
                Tables.Plain($"{row.Sequence}"), Tables.Plain(Ago.Moment(row.At)), Tables.Plain(row.Actor), Tables.Plain(row.Action),
                Tables.Plain(row.Target), OutcomeOf(row), Tables.Plain(row.Reason), Tables.Plain(row.Detail));
        }

        console.Write(table);
    }

    private static Text OutcomeOf(AuditEntry row)
    {
        var word = row.Outcome.ToString().ToLowerInvariant();
        return row.Outcome switch
        {
            AuditOutcome.Done => Tables.Good(word),
            AuditOutcome.Refused => Tables.Warning(word),
            AuditOutcome.Failed => Tables.Bad(word),
            _ => Tables.Plain(word),
        };
    }
}
