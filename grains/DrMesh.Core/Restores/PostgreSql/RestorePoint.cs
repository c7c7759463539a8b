using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Restores.PostgreSql;

/// <summary>A named restore point DrMesh knows the place of.</summary>
public sealed record RestorePoint(string Name, TimelineId Timeline, Lsn Position, DateTimeOffset Time);
