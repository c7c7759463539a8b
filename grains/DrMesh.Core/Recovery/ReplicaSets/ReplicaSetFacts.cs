using System.Collections.Immutable;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>What a plan knows of one replica set.</summary>
/// <param name="Places">Its members as the estate declares them.</param>
/// <param name="Seen">The set as it answers now; null: no member does.</param>
/// <param name="Record">The control store's record of it; null: no session ever moved it.</param>
/// <param name="LastSeen">The newest operation ever seen or archived of it; null: none.</param>
public sealed record ReplicaSetFacts(ImmutableArray<SetMemberPlace> Places, MongoSet? Seen, ClusterRecord? Record, OpTime? LastSeen);
