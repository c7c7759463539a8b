using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Access;

/// <summary>One token's holder and role. Only the token's SHA-256 is kept: tokens are random, so a plain hash gives nothing away.</summary>
/// <param name="Name">Who the audit trail names.</param>
/// <param name="Role">What the holder may do.</param>
/// <param name="TokenHash">SHA-256 of the token's UTF-8, in lower-case hexadecimal.</param>
public sealed record AccessGrant(string Name, AccessRole Role, string TokenHash)
{
    /// <summary>The hash under which <paramref name="token"/> is looked up.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
