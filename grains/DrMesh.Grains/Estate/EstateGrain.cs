using System.Collections.Immutable;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Planning;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;
using DrMesh.Grains.Audit;

namespace DrMesh.Grains.Estate;

/// <summary>
/// The estate's versions. What is kept in memory is a copy of one version that never changes; which version is the current one is asked of the
/// control store at each call, so that a second activation of this grain can do no harm.
/// </summary>
internal sealed class EstateGrain(EstateStore store, ICallerIdentity caller) : Grain, IEstateGrain
{
    private const int MostHistory = 1000;

    private AppliedEstate _known = Describe(0, EstateDocument.Empty, EstateWriter.Canonical(EstateDocument.Empty));

    public async Task<AppliedEstate> Current(CancellationToken cancellationToken)
    {
        if (await store.ReadVersionAsync(cancellationToken) is var version && version != _known.Version)
        {
            _known = await ReadAsync(version, cancellationToken);
        }

        return _known;
    }

    public async Task<EstatePlan> Plan(EstateSource source, CancellationToken cancellationToken)
    {
        var reading = EstateReader.Read(source.Text);
        var current = await Current(cancellationToken);
        return new EstatePlan
        {
            BaseVersion = current.Version,
            Findings = reading.Findings,
            Changes = reading.Document is { } estate ? EstateDiff.Between(current.Estate, estate) : [],
        };
    }

    public async Task<ApplyResult> Apply(ApplyEstate request, CancellationToken cancellationToken)
    {
        var reading = EstateReader.Read(request.Source.Text);
        if (await store.FindOperationAsync(request.OperationId, cancellationToken) is { } done)
        {
            return await AppliedBeforeAsync(done, reading.Findings, cancellationToken);
        }

        var current = await Current(cancellationToken);
        if (reading.Document is not { } estate)
        {
            return Result(ApplyOutcome.Refused, current.Version, [], reading.Findings);
        }

        var changes = EstateDiff.Between(current.Estate, estate);
        if (changes.IsEmpty)
        {
            return Result(ApplyOutcome.NothingToChange, current.Version, [], reading.Findings);
        }

        var next = current.Version + 1;
        var document = EstateWriter.Canonical(estate);
        if (request.ExpectedVersion == current.Version
            && await store.TryAppendAsync(
                next, document, EstateWriter.HashOf(document), caller.Actor, request.Reason ?? "", request.OperationId, cancellationToken))
        {
            _known = Describe(next, estate, document);
            return Result(ApplyOutcome.Applied, next, changes, reading.Findings);
        }

        // Who was first may have been this very operation: a repeated call beside the one whose answer was lost.
        return await store.FindOperationAsync(request.OperationId, cancellationToken) is { } meanwhile
            ? await AppliedBeforeAsync(meanwhile, reading.Findings, cancellationToken)
            : Result(ApplyOutcome.Conflict, await store.ReadVersionAsync(cancellationToken), [], reading.Findings);
    }

    public Task<ImmutableArray<EstateHistoryEntry>> History(int limit, CancellationToken cancellationToken) =>
        store.ReadHistoryAsync(Math.Clamp(limit, 1, MostHistory), cancellationToken);

    private async Task<ApplyResult> AppliedBeforeAsync(long version, ImmutableArray<EstateFinding> findings, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(version - 1, cancellationToken);
        var after = await ReadAsync(version, cancellationToken);
        return Result(ApplyOutcome.Applied, version, EstateDiff.Between(before.Estate, after.Estate), findings);
    }

    private async Task<AppliedEstate> ReadAsync(long version, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(version, cancellationToken) is not { } stored)
        {
            return Describe(0, EstateDocument.Empty, EstateWriter.Canonical(EstateDocument.Empty));
        }

        var reading = EstateReader.ReadStored(stored.Document);
        return reading.Document is { } estate
            ? Describe(stored.Version, estate, stored.Document)
            : throw new DrMeshException(
                DrMeshError.EstateUnreadable,
                $"version {stored.Version} of the estate cannot be read by this program: {reading.Findings[0].Describe("it")}",
                "a newer release applied it; run that release on every silo");
    }

    private static AppliedEstate Describe(long version, EstateDocument estate, string document) =>
        new() { Version = version, Estate = estate, Hash = EstateWriter.HashOf(document), Text = document };

    private static ApplyResult Result(
        ApplyOutcome outcome, long version, ImmutableArray<EstateChange> changes, ImmutableArray<EstateFinding> findings) =>
        new() { Outcome = outcome, Version = version, Changes = changes, Findings = findings };
}
