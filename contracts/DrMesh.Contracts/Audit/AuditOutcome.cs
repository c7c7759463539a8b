namespace DrMesh.Contracts.Audit;

/// <summary>What a row of the audit trail says about its operation. The names are part of each row's hash and never change.</summary>
public enum AuditOutcome
{
    /// <summary>The call was about to be made. Without a later row of the same operation its outcome is unknown: the silo died in between.</summary>
    Intended = 1,

    /// <summary>The call did what it was asked.</summary>
    Done = 2,

    /// <summary>The call was refused and changed nothing.</summary>
    Refused = 3,

    /// <summary>The call ended with a fault.</summary>
    Failed = 4,
}
