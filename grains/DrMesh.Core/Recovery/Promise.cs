using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>A standby's word under an epoch: it follows the old primary no longer, has stored that, and has received WAL up to here.</summary>
/// <param name="Member">The standby.</param>
/// <param name="Epoch">The epoch it promised under.</param>
/// <param name="Timeline">The timeline of its WAL.</param>
/// <param name="Received">The end of the WAL it has on disk.</param>
public sealed record Promise(string Member, long Epoch, TimelineId Timeline, Lsn Received);
