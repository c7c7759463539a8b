using System.Collections.Immutable;
using DrMesh.Console.Commands.Audit;
using DrMesh.Contracts.Audit;

namespace DrMesh.Console.Tests.Commands;

public sealed class AuditCheckTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyAsync_LongTrail_GoesOnUntilItsEndAndAddsUp()
    {
        var audit = new Trail(length: 70, stretch: 25, expectedIn: 30);

        var verification = await AuditCheck.VerifyAsync(audit, "wanted", Cancellation);

        verification.Rows.ShouldBe(70);
        verification.HasExpected.ShouldBeTrue("the second stretch of three had it");
        verification.Reached.Sequence.ShouldBe(70);
        audit.Asked.ShouldBe([0, 25, 50]);
    }

    [Fact]
    public async Task VerifyAsync_ExpectedNowhere_SaysSo() =>
        (await AuditCheck.VerifyAsync(new Trail(length: 10, stretch: 25, expectedIn: 99), "wanted", Cancellation)).HasExpected.ShouldBeFalse();

    /// <summary>Answers as the grain does, from a trail of a given length whose rows all are sound.</summary>
    private sealed class Trail(long length, long stretch, long expectedIn) : IAuditGrain
    {
        public List<long> Asked { get; } = [];

        public Task<ImmutableArray<AuditEntry>> List(AuditQuery query, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<AuditEntry>.Empty);

        public Task<AuditVerification> Verify(AuditPosition after, string? expected, CancellationToken cancellationToken)
        {
            Asked.Add(after.Sequence);
            var end = Math.Min(length, after.Sequence + stretch);
            return Task.FromResult(new AuditVerification
            {
                Rows = end - after.Sequence,
                Reached = new AuditPosition { Sequence = end, Hash = $"{end}" },
                IsComplete = end == length,
                HasExpected = expected is not null && expectedIn > after.Sequence && expectedIn <= end,
            });
        }
    }
}
