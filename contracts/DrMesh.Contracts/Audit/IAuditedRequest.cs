namespace DrMesh.Contracts.Audit;

/// <summary>An argument of a state-changing call that says what the audit trail should know.</summary>
public interface IAuditedRequest
{
    /// <summary>What the call is about; null: the grain's key says it.</summary>
    string? AuditTarget { get; }

    /// <summary>Why, as the person said it; null: nobody said.</summary>
    string? AuditReason { get; }
}
