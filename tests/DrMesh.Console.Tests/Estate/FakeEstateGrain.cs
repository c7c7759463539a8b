using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Planning;
using DrMesh.Core.Estate.Reading;
using DrMesh.Core.Estate.Writing;

namespace DrMesh.Console.Tests.Estate;

/// <summary>The estate grain in memory, for what the console makes of its answers; the real one is tested with its store.</summary>
internal sealed class FakeEstateGrain : IEstateGrain
{
    private EstateDocument _estate = EstateDocument.Empty;

    public long Version { get; set; }

    public ApplyEstate? Asked { get; private set; }

    public Task<AppliedEstate> Current(CancellationToken cancellationToken = default) =>
        Task.FromResult(new AppliedEstate { Version = Version, Estate = _estate, Hash = EstateWriter.Hash(_estate), Text = EstateWriter.Canonical(_estate) });

    public Task<EstatePlan> Plan(EstateSource source, CancellationToken cancellationToken = default)
    {
        var reading = EstateReader.Read(source.Text);
        return Task.FromResult(new EstatePlan { BaseVersion = Version, Findings = reading.Findings, Changes = EstateDiff.Between(_estate, reading.Document!) });
    }

    public Task<ApplyResult> Apply(ApplyEstate request, CancellationToken cancellationToken = default)
    {
        Asked = request;
        var estate = EstateReader.Read(request.Source.Text).Document!;
        var changes = EstateDiff.Between(_estate, estate);
        var outcome = changes.IsEmpty ? ApplyOutcome.NothingToChange : request.ExpectedVersion == Version ? ApplyOutcome.Applied : ApplyOutcome.Conflict;
        if (outcome == ApplyOutcome.Applied)
        {
            _estate = estate;
            Version++;
        }

        return Task.FromResult(new ApplyResult { Outcome = outcome, Version = Version, Changes = outcome == ApplyOutcome.Applied ? changes : [], Findings = [] });
    }

    public Task<ImmutableArray<EstateHistoryEntry>> History(int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<EstateHistoryEntry>>([]);
}
