namespace DrMesh.Contracts.Estate;

/// <summary>Whether backups must be encrypted.</summary>
public enum EncryptionRule
{
    /// <summary><c>required</c>: a repository without encryption is an error.</summary>
    Required,

    /// <summary><c>optional</c>: the repository decides.</summary>
    Optional,
}
