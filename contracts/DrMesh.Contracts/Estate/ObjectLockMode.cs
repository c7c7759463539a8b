namespace DrMesh.Contracts.Estate;

/// <summary>Who may lift an object lock.</summary>
public enum ObjectLockMode
{
    /// <summary><c>governance</c>: a person with the right.</summary>
    Governance,

    /// <summary><c>compliance</c>: nobody.</summary>
    Compliance,
}
