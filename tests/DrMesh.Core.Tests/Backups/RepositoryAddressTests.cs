using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups;

namespace DrMesh.Core.Tests.Backups;

public sealed class RepositoryAddressTests
{
    [Fact]
    public void Describe_S3WithItsOwnKeyAndLock_NamesBothWithoutTheSecret()
    {
        var key = new AwsCredentials { AccessKeyId = "drmesh", SecretAccessKeyFile = "/etc/drmesh/secrets/s3" };
        var kms = new AwsCredentials { AccessKeyId = "keys", SecretAccessKeyFile = "/etc/drmesh/secrets/kms" };
        var cold = new RepositoryDefinition
        {
            Name = "cold",
            Tier = Contracts.Estate.RepositoryTier.Cold,
            S3 = new S3Store
            {
                Bucket = "backups",
                Region = "default",
                Endpoint = "https://objects.example.net",
                PathStyle = true,
                Credentials = key,
                ObjectLock = new ObjectLock { Mode = ObjectLockMode.Governance, Duration = TimeSpan.FromDays(30) },
            },
            Encryption = new RepositoryEncryption { Kms = new KmsKey { KeyId = "alias/drmesh", Region = "eu-central-1", Credentials = kms } },
        };

        var tier = RepositoryAddress.Describe([cold], "orders").Tiers.ShouldHaveSingleItem();

        tier.Url.ShouldBe("s3://backups?region=default&endpoint=https%3A%2F%2Fobjects.example.net&lock-mode=governance&path-style=true");
        (tier.Credentials, tier.KeyCredentials, tier.LockFor).ShouldBe((key, kms, TimeSpan.FromDays(30)));
    }
}
