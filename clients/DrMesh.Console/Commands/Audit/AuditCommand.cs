using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;
using Spectre.Console;

namespace DrMesh.Console.Commands.Audit;

/// <summary><c>drmesh audit list|verify</c>.</summary>
internal static class AuditCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("audit", "Who changed what, when and why; and whether that record is whole")
    {
        List(runner),
        Verify(runner),
    };

    private static Command List(CommandRunner runner)
    {
        var since = new Option<DateTimeOffset?>("--since")
        {
            Description = "Only from this moment on: 2026-11-24, 2026-11-24T08:00:00Z; without a zone it is UTC",
            HelpName = "time",
            CustomParser = ParseTime,
        };
        var actor = new Option<string?>("--actor") { Description = "Only what this actor did" };
        var target = new Option<string?>("--target") { Description = "Only what was done to this" };
        var action = new Option<string?>("--action") { Description = "Only this action, for example estate.apply" };
        var limit = new Option<int>("--limit") { Description = $"At most so many rows, the newest first, up to {AuditQuery.LargestLimit}", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 1 or > AuditQuery.LargestLimit)
            {
                result.AddError($"--limit takes 1 to {AuditQuery.LargestLimit}");
            }
        });
        return runner.Run(new Command("list", "The audit trail, the newest first") { since, actor, target, action, limit }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var query = new AuditQuery
            {
                Since = context.Arguments.GetValue(since),
                Actor = context.Arguments.GetValue(actor),
                Target = context.Arguments.GetValue(target),
                Action = context.Arguments.GetValue(action),
                Limit = context.Arguments.GetValue(limit),
            };
            var rows = await mesh.Grains.GetGrain<IAuditGrain>(0).List(query, token);
            context.Show(rows, console => AuditView.Write(console, rows));
            return ExitCodes.Done;
        });
    }

    private static Command Verify(CommandRunner runner)
    {
        var expected = new Option<string?>("--expect-head")
        {
            Description = "A head that an earlier verify printed and that was kept elsewhere; shows a trail cut off at its end",
            HelpName = "hash",
        };
        return runner.Run(new Command("verify", "Check every row of the trail against its hash and its predecessor") { expected }, async (context, token) =>
        {
            await using var mesh = await context.ConnectAsync(token);
            var hash = context.Arguments.GetValue(expected);
            var verification = await AuditCheck.VerifyAsync(mesh.Grains.GetGrain<IAuditGrain>(0), hash, token);
            if (verification.Break is { } found)
            {
                throw new DrMeshException(
                    DrMeshError.AuditBroken,
                    $"the audit trail is broken: {found.Description}",
                    $"rows 1 to {verification.Reached.Sequence} are sound; compare the control store with its backups from before that row");
            }

            if (hash is not null && !verification.HasExpected)
            {
                throw new DrMeshException(
                    DrMeshError.AuditBroken,
                    $"the audit trail is broken: no row has the expected head {hash}; the trail ends with row {verification.Reached.Sequence}",
                    "rows were cut off its end or it was written anew; compare the control store with its backups");
            }

            context.Show(
                new { verification.Rows, head = verification.Reached.Hash },
                console => console.WriteLine($"{verification.Rows} rows, each as it was written; head {verification.Reached.Hash}"));
            return ExitCodes.Done;
        });
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError($"\"{text}\" is not a time; expected one such as 2026-11-24 or 2026-11-24T08:00:00Z");
        return null;
    }
}
