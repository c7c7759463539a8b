using System.Collections.Immutable;
using DrMesh.Contracts.Access;
using DrMesh.Contracts.Audit;

namespace DrMesh.Contracts.Estate;

/// <summary>The applied estate: its versions, and the difference a new file would make.</summary>
[Alias("drmesh.estate-grain")]
public interface IEstateGrain : IGrainWithStringKey
{
    /// <summary>The key of the only estate grain.</summary>
    const string Key = "estate";

    /// <summary>The estate as it was applied last; version 0 and empty when nothing ever was.</summary>
    [Alias("Current"), LeastRole(AccessRole.Viewer)]
    Task<AppliedEstate> Current(CancellationToken cancellationToken = default);

    /// <summary>What applying <paramref name="source"/> would do; changes nothing.</summary>
    [Alias("Plan"), LeastRole(AccessRole.Viewer)]
    Task<EstatePlan> Plan(EstateSource source, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a file the estate, whole or not at all. A call whose outcome is unknown is repeated with the same operation id: it returns what the
    /// first one did, or does it.
    /// </summary>
    [Alias("Apply"), StateChanging("estate.apply")]
    Task<ApplyResult> Apply(ApplyEstate request, CancellationToken cancellationToken = default);

    /// <summary>The last <paramref name="limit"/> versions, newest first.</summary>
    [Alias("History"), LeastRole(AccessRole.Viewer)]
    Task<ImmutableArray<EstateHistoryEntry>> History(int limit, CancellationToken cancellationToken = default);
}
