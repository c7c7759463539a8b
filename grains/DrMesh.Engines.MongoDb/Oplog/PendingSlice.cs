using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Engines.MongoDb.Oplog;

/// <summary>A closed slice on its way to the store.</summary>
/// <param name="Name">What it covers.</param>
/// <param name="Operations">Operations in it.</param>
/// <param name="Content">Its bytes; null: they are in the spool.</param>
/// <param name="Length">Their number.</param>
internal sealed record PendingSlice(OplogSliceName Name, long Operations, byte[]? Content, long Length);
