namespace DrMesh.Contracts.Estate;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>The estate cannot be applied.</summary>
    Error,

    /// <summary>The estate can be applied; the person should know.</summary>
    Warning,
}
