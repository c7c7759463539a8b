namespace DrMesh.TestKit.Servers.FakeKms;

/// <summary>A key of the fake.</summary>
/// <param name="Secret">Its 32 bytes.</param>
internal sealed record FakeKmsKey(byte[] Secret)
{
    public bool IsEnabled { get; init; } = true;

    public bool IsForbidden { get; init; }
}
