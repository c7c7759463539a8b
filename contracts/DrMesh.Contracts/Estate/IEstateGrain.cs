using System.Collections.Immutable;

namespace DrMesh.Contracts.Estate;

/// <summary>The applied estate: its versions, and the difference a new file would make.</summary>
[Alias("drmesh.estate-grain")]
public interface IEstateGrain : IGrainWithStringKey
{
    /// <summary>The key of the only estate grain.</summary>
    const string Key = "estate";

    /// <summary>The estate as it was applied last.</summary>
    [Alias("current")]
    Task<AppliedEstate> Current(CancellationToken cancellationToken = default);

    /// <summary>What applying <paramref name="source"/> would do; changes nothing.</summary>
    [Alias("plan")]
    Task<EstatePlan> Plan(EstateSource source, CancellationToken cancellationToken = default);

    /// <summary>Makes a file the estate, whole or not at all. A repeated operation id returns what the first call did.</summary>
    [Alias("apply")]
    Task<ApplyResult> Apply(ApplyEstate request, CancellationToken cancellationToken = default);

    /// <summary>The last <paramref name="limit"/> versions, newest first.</summary>
    [Alias("history")]
    Task<ImmutableArray<EstateHistoryEntry>> History(int limit, CancellationToken cancellationToken = default);
}
