using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A role of a database; its password is in a file, never in the estate.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-database-user")]
public sealed record DatabaseUser
{
    /// <summary>The role's name.</summary>
    [Id(0), EstateKey("the role's name")]
    public required string Name { get; init; }

    /// <summary>The file that holds its password.</summary>
    [Id(1), EstateKey("the file that holds its password, the same path on every node", Format = ValueFormat.Path, Otherwise = "no password: the server trusts the connection, or a certificate is used")]
    public string? PasswordFile { get; init; }
}
