using System.Collections.Immutable;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>What moves side by side: PostgreSQL clusters, or replica sets, that follow one another in the estate's order.</summary>
/// <param name="IsOfSets">Whether they are replica sets.</param>
/// <param name="Members">Their names, in the estate's order.</param>
public sealed record MoveTurn(bool IsOfSets, ImmutableArray<ClusterId> Members);
