namespace DrMesh.Core.Backups.Logs;

/// <summary>A log object as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsComplete">False: the beginning of an object still being filled.</param>
/// <param name="PlainLength">Length of its content, bytes; for a complete object only known after reading it, then -1.</param>
/// <param name="StoredLength">Length as stored, bytes.</param>
/// <param name="StoredAt">When it was stored, by the store's clock.</param>
public sealed record LogEntry(LogName Name, bool IsComplete, long PlainLength, long StoredLength, DateTimeOffset StoredAt);

/// <summary>A log object's content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsComplete">False: the longest partial one.</param>
/// <param name="Content">The content.</param>
public sealed record LogContent(LogName Name, bool IsComplete, ReadOnlyMemory<byte> Content);
