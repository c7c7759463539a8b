namespace DrMesh.TestKit.Servers;

/// <summary>A zone file with nothing in it but what a zone must have.</summary>
internal static class ZoneFile
{
    public static string Empty(string zone) => $"""
        $ORIGIN {zone}.
        $TTL 60
        @ IN SOA ns1.{zone}. hostmaster.{zone}. 1 3600 600 86400 60
        @ IN NS ns1.{zone}.
        ns1 IN A 127.0.0.1

        """;
}
