namespace DrMesh.Core.Backups.Storage;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Its length, bytes.</param>
/// <param name="ModifiedAt">When it was written, by the store's clock.</param>
public sealed record ObjectInfo(string Key, long Length, DateTimeOffset ModifiedAt);
