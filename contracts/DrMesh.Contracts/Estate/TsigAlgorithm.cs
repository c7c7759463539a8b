namespace DrMesh.Contracts.Estate;

/// <summary>The algorithms of TSIG that are still thought safe.</summary>
public enum TsigAlgorithm
{
    /// <summary><c>hmac_sha256</c>.</summary>
    HmacSha256,

    /// <summary><c>hmac_sha384</c>.</summary>
    HmacSha384,

    /// <summary><c>hmac_sha512</c>.</summary>
    HmacSha512,
}
