using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;

namespace DrMesh.Core.Recovery;

/// <summary>
/// Hands and eyes beside one database server. Every order carries the cluster's epoch: the agent stores the highest it saw before it acts, durably, and refuses lower ones.
/// Every order is safe to repeat: it looks, acts if needed, and answers with what is so. An answer that does not come is an unknown outcome.
/// </summary>
public interface INodeAgent
{
    /// <summary>Whether the server's process runs; cheap, may be read many times a second.</summary>
    bool IsProcessRunning { get; }

    /// <summary>Whether the server's process runs and was not made a standby: it may acknowledge writes. Cheap.</summary>
    bool MayWrite { get; }

    /// <summary>Whether <see cref="LapseAsync"/> stopped it and nothing has let it serve or follow since; survives restarts.</summary>
    bool HasLapsed { get; }

    /// <summary>How the server stands. Never changes anything.</summary>
    Task<MemberStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Makes the server unable to acknowledge a write, and keeps it so over restarts until <see cref="RepointAsync"/> or <see cref="UnfenceAsync"/> under the same or a higher epoch.</summary>
    Task<AgentReply> FenceAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>Ends the fence of a server that is to serve again as what it was.</summary>
    Task<AgentReply> UnfenceAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// A standby stops following, stores that it does under this epoch, and only then answers with its LSN: nothing can be acknowledged through it afterwards.
    /// A primary refuses, and so does an agent while a lease runs that it granted; that stores nothing.
    /// </summary>
    Task<AgentReply> PromiseAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>Stops the server in an orderly way: its standbys have all it wrote. Answers with the LSN of its last record. It counts as fenced: who finds it so later knows that no person stopped it.</summary>
    Task<AgentReply> StopAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>Starts the server as what its data directory says, unless it is fenced.</summary>
    Task<AgentReply> StartAsync(AgentCommand command, CancellationToken cancellationToken);

    /// <summary>A checkpoint, so that the stop that follows is short. Under no epoch: it decides nothing.</summary>
    Task CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes a standby the primary and waits until it accepts writes. Its commits wait for <paramref name="set"/> from the first one on: the setting is in force before the
    /// promotion begins, so that a promotion nobody heard of acknowledges nothing by itself.
    /// </summary>
    Task<AgentReply> PromoteAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken);

    /// <summary>Writes the epoch into the primary's own table <c>drmesh.epoch</c> and reads it back. A standby refuses.</summary>
    /// <param name="command">The epoch to write.</param>
    /// <param name="waits">True: the commit waits for the standbys as a client's does. False: they are known to be away, and it is written without them.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<AgentReply> ProveWriteAsync(AgentCommand command, bool waits, CancellationToken cancellationToken);

    /// <summary>Makes the server follow another; starts it as a standby when it is stopped. Its WAL must not have forked off.</summary>
    Task<AgentReply> RepointAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken);

    /// <summary>Takes a former primary back to where it and <paramref name="upstream"/> parted (<c>pg_rewind</c>), then lets it follow. What only it had is kept aside first and counted.</summary>
    Task<AgentReply> RewindAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken);

    /// <summary>Replaces its data by a new copy of <paramref name="upstream"/>'s, then lets it follow. What it had is kept aside.</summary>
    Task<AgentReply> ReseedAsync(AgentCommand command, UpstreamServer upstream, CancellationToken cancellationToken);

    /// <summary>
    /// Brings the server up from the repository as a standby that follows nobody, and replays to the end of the archive. What led once, or was fenced, is kept aside; a standby's own copy is
    /// only brought further. A primary refuses. May last as long as a restore does, and gives way to an order under a higher epoch.
    /// </summary>
    /// <param name="command">The order.</param>
    /// <param name="request">From what.</param>
    /// <param name="repository">The repository, open while the order is carried out.</param>
    /// <param name="report">Tells how far it is.</param>
    /// <param name="cancellationToken">Ends it; a standby that runs goes on as one.</param>
    Task<AgentReply> BringUpAsync(AgentCommand command, SiteRestore request, IBackupRepository repository, Action<string> report, CancellationToken cancellationToken);

    /// <summary>Sets whom commits wait for on a primary and waits until it is in force.</summary>
    Task<AgentReply> SetAcknowledgingAsync(AgentCommand command, AcknowledgingSet set, CancellationToken cancellationToken);

    /// <summary>Grants a primary that cannot reach the control store its lease, by <see cref="LeaseGrants"/>. The grant is stored durably before the answer. It touches no server and waits for no other order.</summary>
    /// <param name="command">The epoch the primary leads under.</param>
    /// <param name="holder">The primary.</param>
    /// <param name="length">The lease's length.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<AgentReply> GrantLeaseAsync(AgentCommand command, string holder, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>The server's lease has run out: stops it at once, whatever order is being carried out, and keeps it from serving until it resumes or is made a standby.</summary>
    Task LapseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Where the server is bound to its agent: from now on it ends, and has lapsed, at a moment, or as soon as the agent is gone; told anew, at the later one. Null: it is bound no more. Returns once the
    /// guard stands.
    /// </summary>
    /// <param name="until">The moment, as a timestamp of this machine's monotonic clock.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task GuardAsync(long? until, CancellationToken cancellationToken);

    /// <summary>Serves again after a lapse; who asks holds a lease. One that was fenced under an epoch refuses.</summary>
    Task<AgentReply> ResumeAsync(AgentCommand command, CancellationToken cancellationToken);
}
