namespace DrMesh.Contracts.Estate;

/// <summary>How a connection to a database server is secured.</summary>
public enum TlsMode
{
    /// <summary><c>disable</c>: not at all; for loopback and private links.</summary>
    Disable,

    /// <summary><c>require</c>: encrypted, the server's certificate is not checked.</summary>
    Require,

    /// <summary><c>verify_ca</c>: encrypted, the certificate must be signed by a trusted authority.</summary>
    VerifyCa,

    /// <summary><c>verify_full</c>: as before, and it must name the host.</summary>
    VerifyFull,
}
