namespace DrMesh.Contracts.Access;

/// <summary>What a caller may do. Each role may do all that the roles before it may.</summary>
public enum AccessRole
{
    /// <summary>Reads.</summary>
    Viewer = 1,

    /// <summary>Starts, cancels and changes.</summary>
    Operator = 2,

    /// <summary>Answers a session that waits for a person: accepts a loss, lets a risky phase go on.</summary>
    Approver = 3,

    /// <summary>Changes who may do what, and reaches the runtime's own interfaces.</summary>
    Admin = 4,
}
