namespace DrMesh.Grains.Estate;

/// <summary>A row of <c>drmesh.estate_version</c>: the version and the canonical form that was applied.</summary>
internal sealed record StoredEstate(long Version, string Document);
