using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>Moves a replica set's primary and changes its members, over the network. It obeys; what may be ordered is decided before. A member that does not answer holds it up for a second or so.</summary>
public interface IReplicaSetControl
{
    /// <summary>Looks at a set: its members' states, votes, positions.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoUnreachable"/>: no member answers; <see cref="DrMeshError.MongoRefused"/>.</exception>
    Task<MongoSet> ObserveAsync(MongoAddress address, CancellationToken cancellationToken = default);

    /// <summary>What one member says of itself; it may be in the set's configuration or not.</summary>
    Task<MemberLook> LookAsync(MongoAddress address, string host, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a member a new configuration (<c>replSetReconfig</c>). Nothing when it has it already; refused when it has another version by now than <paramref name="from"/>: another was there meanwhile.
    /// </summary>
    /// <exception cref="DrMeshException">See <see cref="ObserveAsync"/>.</exception>
    Task ReconfigureAsync(MongoAddress address, SetAction.Reconfigure order, long from, CancellationToken cancellationToken = default);

    /// <summary>Has the primary hand over (<c>replSetStepDown</c>) once another has everything; nothing when it is no primary.</summary>
    /// <exception cref="DrMeshException">See <see cref="ObserveAsync"/>; also when no other catches up.</exception>
    Task StepDownAsync(MongoAddress address, string host, CancellationToken cancellationToken = default);

    /// <summary>Stops a member (<c>shutdown</c>); nothing when it is stopped.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoRefused"/>.</exception>
    Task StopAsync(MongoAddress address, string host, CancellationToken cancellationToken = default);

    /// <summary>Writes the epoch on the primary, acknowledged by a majority, and returns its position. A higher one that is there already refuses it.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.MongoRefused"/>: a higher epoch is there; or the write was not acknowledged.</exception>
    Task<OpTime> WriteEpochAsync(MongoAddress address, string host, ClusterId cluster, long epoch, CancellationToken cancellationToken = default);
}
