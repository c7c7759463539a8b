namespace DrMesh.Contracts.Audit;

/// <summary>A result of a state-changing call that can be a refusal.</summary>
public interface IAuditedResult
{
    /// <summary>Whether the call was refused and changed nothing.</summary>
    bool IsRefusal { get; }

    /// <summary>What the audit trail keeps beside the outcome, in one sentence: the refusal's reason, or what was started; may be empty.</summary>
    string AuditDetail { get; }
}
