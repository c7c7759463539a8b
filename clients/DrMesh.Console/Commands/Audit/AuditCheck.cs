using DrMesh.Contracts.Audit;

namespace DrMesh.Console.Commands.Audit;

/// <summary>Verifies the whole trail, one short call after another.</summary>
internal static class AuditCheck
{
    /// <summary>Checks from the first row to the end or to the first break.</summary>
    public static async Task<AuditVerification> VerifyAsync(IAuditGrain audit, string? expected, CancellationToken cancellationToken)
    {
        var reached = AuditPosition.Begin;
        var rows = 0L;
        var hasExpected = false;
        while (true)
        {
            var stretch = await audit.Verify(reached, expected, cancellationToken);
            reached = stretch.Reached;
            rows += stretch.Rows;
            hasExpected |= stretch.HasExpected;
            if (stretch.IsComplete)
            {
                return stretch with { Rows = rows, HasExpected = hasExpected };
            }
        }
    }
}
