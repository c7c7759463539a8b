using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>The client's side of SCRAM-SHA-256 without channel binding. Source: RFC 5802 and RFC 7677; the server ignores the user name in it.</summary>
internal sealed class ScramClient(string password)
{
    /// <summary>The mechanism's name.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    private const string Header = "n,,";
    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] _serverSignature = [];

    private string FirstBare => $"n=,r={_nonce}";

    /// <summary>The first message.</summary>
    public byte[] First() => Encoding.UTF8.GetBytes(Header + FirstBare);

    /// <summary>The second message, in answer to the server's first.</summary>
    public byte[] Final(string serverFirst)
    {
        var fields = Fields(serverFirst);
        var nonce = fields.GetValueOrDefault('r') ?? "";
        if (!nonce.StartsWith(_nonce, StringComparison.Ordinal))
        {
            throw Refused("its nonce does not begin with ours");
        }

        var salt = Convert.FromBase64String(fields['s']);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, int.Parse(fields['i'], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(Header))},r={nonce}";
        var signed = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        for (var index = 0; index < proof.Length; index++)
        {
            proof[index] ^= clientKey[index];
        }

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Checks that the server knows the password, too.</summary>
    public void Verify(string serverFinal)
    {
        if (!Fields(serverFinal).TryGetValue('v', out var signature)
            || !CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(signature), _serverSignature))
        {
            throw Refused("its signature is wrong");
        }
    }

    private static Dictionary<char, string> Fields(string message) =>
        message.Split(',').Where(field => field.Length > 1 && field[1] == '=').ToDictionary(field => field[0], field => field[2..]);

    private static DrMeshException Refused(string why) =>
        new(DrMeshError.PostgresRefused, $"the server did not prove that it knows the password: {why}", "see whether the connection leads to the right server");
}
