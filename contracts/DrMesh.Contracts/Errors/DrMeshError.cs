namespace DrMesh.Contracts.Errors;

/// <summary>
/// Every error DrMesh reports, in one list. A number is never reused and never changes its meaning; it is what a script compares.
/// The hundreds name the domain. <see cref="ExitCodes"/> maps each to the console's exit code.
/// </summary>
public enum DrMeshError
{
    /// <summary>A fault nobody foresaw: a bug in DrMesh.</summary>
    Unexpected = 1,

    /// <summary>An argument or option of a command is not usable.</summary>
    UsageInvalid = 2,

    // 1xx: the mesh
    /// <summary>No silo serves the region a call was for.</summary>
    RegionUnavailable = 100,

    /// <summary>No silo of the mesh could be reached from here.</summary>
    MeshUnreachable = 101,

    /// <summary>The caller presented no token, or one that is not known.</summary>
    NotAuthenticated = 102,

    /// <summary>The caller's role does not allow the call.</summary>
    NotAuthorized = 103,

    /// <summary>A silo's configuration file or environment is not usable.</summary>
    ConfigurationInvalid = 104,

    /// <summary>No silo serves the node a call was for.</summary>
    NodeUnavailable = 105,

    // 2xx: the control store
    /// <summary>The control store does not answer.</summary>
    ControlStoreUnreachable = 200,

    /// <summary>The control store has no DrMesh schema, or an older one.</summary>
    ControlStoreSchemaOlder = 201,

    /// <summary>The control store's schema is newer than this program.</summary>
    ControlStoreSchemaNewer = 202,

    /// <summary>The audit trail was changed, or a row of it is missing.</summary>
    AuditBroken = 203,

    /// <summary>The control store answers, but refuses the login, the database or a statement for lack of rights.</summary>
    ControlStoreRefused = 204,

    /// <summary>A migration of the control store's schema failed; nothing was changed.</summary>
    ControlStoreMigrationFailed = 205,

    /// <summary>The local control store is in the way of what was asked: it runs already, or was never made.</summary>
    ControlStoreLocalState = 206,

    // 3xx: the estate
    /// <summary>An estate file has errors; nothing of it was applied.</summary>
    EstateInvalid = 300,

    /// <summary>The estate changed between plan and apply.</summary>
    EstateConflict = 301,

    /// <summary>What was named is not part of the applied estate.</summary>
    EstateUnknownName = 302,

    /// <summary>The stored estate cannot be read by this program: a newer one applied it.</summary>
    EstateUnreadable = 303,

    // 4xx: sessions
    /// <summary>A session of that id does not exist.</summary>
    SessionUnknown = 400,

    /// <summary>A session waits for a person's approval.</summary>
    ApprovalRequired = 401,

    /// <summary>Another session holds what this one asks for.</summary>
    SessionConflict = 402,

    /// <summary>A session can no longer be cancelled safely.</summary>
    CancelRefused = 403,

    /// <summary>A stored state cannot be read by this program: its schema is newer, or its content is damaged.</summary>
    StateUnreadable = 404,

        // 5xx: tools and servers
    /// <summary>A child process ended with an error or could not be started.</summary>
    ToolFailed = 500,

    /// <summary>A program DrMesh needs is not installed.</summary>
    ToolMissing = 501,

    /// <summary>A database server did not become what it was told to be within its time.</summary>
    ServerUnwilling = 502,

    /// <summary>What starts and stops a database server (Patroni's REST API) does not answer, or refuses.</summary>
    ServerHostFailed = 503,

    // 6xx: backup repositories
    /// <summary>There is no repository at the address.</summary>
    RepositoryUnknown = 600,

    /// <summary>The key does not open the repository.</summary>
    RepositoryKeyWrong = 601,

    /// <summary>A store of the repository does not answer.</summary>
    RepositoryUnreachable = 602,

    /// <summary>A store of the repository has no space left.</summary>
    RepositoryStoreFull = 603,

    /// <summary>A store of the repository refused a call.</summary>
    RepositoryStoreFailed = 604,

    /// <summary>An object of the repository is not there.</summary>
    RepositoryObjectMissing = 605,

    /// <summary>An object of the repository is damaged.</summary>
    RepositoryObjectDamaged = 606,

    /// <summary>An object lock holds what was to be deleted.</summary>
    RepositoryObjectLocked = 607,

    /// <summary>The repository has no backup of that name.</summary>
    RepositoryBackupUnknown = 608,

    /// <summary>The repository has a backup of that name already.</summary>
    RepositoryBackupExists = 609,

    /// <summary>The log archive holds an object of the same name with other content.</summary>
    RepositoryLogConflict = 610,

    /// <summary>The repository was written by a newer program.</summary>
    RepositoryFormatNewer = 611,

    /// <summary>Two tiers named together are not of one repository.</summary>
    RepositoryTiersDiffer = 612,

    /// <summary>The garbage collector took a writer for dead while it was working.</summary>
    RepositoryWriterAbandoned = 613,

    /// <summary>A verification found damage.</summary>
    RepositoryDamaged = 614,

    /// <summary>A directory to restore into is not usable: it holds files, or cannot be written.</summary>
    RestoreTargetUnusable = 615,

    /// <summary>A key management service refused a call or does not answer.</summary>
    KeyServiceFailed = 616,

    // 7xx: PostgreSQL
    /// <summary>The connection to a PostgreSQL server was lost: it restarted, was killed, or cannot be reached.</summary>
    PostgresConnectionLost = 700,

    /// <summary>A PostgreSQL server refused a command.</summary>
    PostgresRefused = 701,

    /// <summary>A PostgreSQL server cannot be backed up as it is, or a backup does not fit it.</summary>
    PostgresUnfit = 702,

    /// <summary>A PostgreSQL server was promoted or restarted while it was backed up; nothing was recorded.</summary>
    PostgresChangedDuringBackup = 703,

    /// <summary>WAL that is needed is not there.</summary>
    PostgresWalMissing = 704,

    /// <summary>A restored PostgreSQL server did not reach its recovery target.</summary>
    PostgresRecoveryFailed = 705,

    // 8xx: clusters and their recovery
    /// <summary>A session moves the cluster; it is left alone until that has ended.</summary>
    ClusterBusy = 800,

    /// <summary>The cluster is not as what was asked for needs it: too few standbys, an unknown primary, a setting.</summary>
    ClusterUnfit = 801,

    /// <summary>A failover, switchover or failback would not be safe or possible; nothing was begun.</summary>
    RecoveryBlocked = 802,

    // 9xx: traffic
    /// <summary>A DNS provider of the estate cannot be used from this silo: its secret cannot be read, or its definition is not usable.</summary>
    DnsProviderUnusable = 900,

    /// <summary>The DNS provider does not answer; nothing was sent to it.</summary>
    DnsProviderUnreachable = 901,

    /// <summary>The DNS provider refused; nothing was changed.</summary>
    DnsProviderRefused = 902,

    /// <summary>The DNS provider does not hold the zone.</summary>
    DnsZoneUnknown = 903,

    /// <summary>A record set is not as it was read; nothing was changed.</summary>
    DnsConflict = 904,

    /// <summary>A change was sent and its outcome is not known.</summary>
    DnsChangeUnknown = 905,

    /// <summary>The DNS provider accepted a change and did not confirm it in time.</summary>
    DnsNotConfirmed = 906,

    /// <summary>A hook did not succeed.</summary>
    HookFailed = 907,

    /// <summary>The traffic of a service that was never declared was asked for or ordered.</summary>
    TrafficServiceUnknown = 908,

    // 10xx: file trees
    /// <summary>A file tree's top cannot be read.</summary>
    FileTreeUnreadable = 1000,

    /// <summary>A backup names a path that lies outside its top.</summary>
    FileTreeUnsafePath = 1001,

    /// <summary>A path asked for is not in the backup.</summary>
    FileTreePathUnknown = 1002,

    // 11xx: MongoDB
    /// <summary>No member of a replica set answers.</summary>
    MongoUnreachable = 1100,

    /// <summary>A MongoDB server refused a command.</summary>
    MongoRefused = 1101,

    /// <summary>No member of a replica set is fit to be read.</summary>
    MongoNoSource = 1102,

    /// <summary>A replica set changed in a way a backup cannot follow; nothing was recorded.</summary>
    MongoChangedDuringBackup = 1103,

    /// <summary>Operations between a backup and the target of a restore are not in the archive.</summary>
    MongoOplogMissing = 1104,

    /// <summary>A set to restore into holds collections of the backup's names.</summary>
    MongoTargetNotEmpty = 1105,

    /// <summary>An operation could not be replayed.</summary>
    MongoReplayFailed = 1106,

    // 12xx: applications
    /// <summary>The writes of an application could not be held while its consistency point was taken.</summary>
    FenceNotHeld = 1200,

    /// <summary>A consistency point was taken outside of its limits; it was dropped.</summary>
    PointNotTaken = 1201,
}
