namespace DrMesh.TestKit.Servers;

/// <summary>The TSIG key that the test DNS servers accept. It protects nothing.</summary>
public static class TestTsigKey
{
    /// <summary>The key's name.</summary>
    public const string Name = "drmesh-test";

    /// <summary>The key's algorithm.</summary>
    public const string Algorithm = "hmac-sha256";

    /// <summary>The key in base 64.</summary>
    public const string Secret = "ZHJtZXNoIHRlc3Qga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXM=";
}
