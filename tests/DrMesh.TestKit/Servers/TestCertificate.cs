using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DrMesh.TestKit.Servers;

/// <summary>A certificate of 127.0.0.1 that nobody but itself vouches for, in files the directory's user can read.</summary>
public sealed class TestCertificate
{
    private TestCertificate(string certificateFile, string keyFile) => (CertificateFile, KeyFile) = (certificateFile, keyFile);

    /// <summary>The certificate, PEM.</summary>
    public string CertificateFile { get; }

    /// <summary>Its key, PEM, PKCS#8.</summary>
    public string KeyFile { get; }

    /// <summary>Makes one, valid for a day.</summary>
    public static async Task<TestCertificate> CreateAsync(TestDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // An issuer is looked for by its name: two that share one would be taken for each other.
        var request = new CertificateRequest($"CN={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        var files = new TestCertificate(Path.Combine(directory.Path, "server.crt"), Path.Combine(directory.Path, "server.key"));
        await File.WriteAllTextAsync(files.CertificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
