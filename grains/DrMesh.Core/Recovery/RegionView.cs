using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>What a region's observer says of a primary.</summary>
/// <param name="Region">The observer's region.</param>
/// <param name="FailingFor">For how long its queries have failed without one success between, by its own monotonic clock; null: the last one was answered.</param>
/// <param name="AnsweringFor">For how long they have been answered without a failure between; null: the last one failed.</param>
public sealed record RegionView(RegionId Region, TimeSpan? FailingFor, TimeSpan? AnsweringFor);
