using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>A real knot on loopback, whose zones the key of <see cref="TestTsigKey"/> may update; ended and removed on dispose.</summary>
public sealed class KnotServer : DnsServerProcess
{
    private readonly string _zone;

    private KnotServer(TestDirectory directory, int port, string zone)
        : base(directory, port) => _zone = zone;

    /// <summary>Starts one with one zone.</summary>
    public static async Task<KnotServer> StartNewAsync(string zone)
    {
        var directory = await TestDirectory.CreateAsync();
        var server = new KnotServer(directory, LoopbackPort.Next(), zone);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, zone + ".zone"), ZoneFile.Empty(zone));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "knot.conf"), $"""
            server:
              rundir: {directory.Path}
              listen: 127.0.0.1@{server.EndPoint.Port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            log:
              - target: stderr
                any: info
            database:
              storage: {directory.Path}
            key:
              - id: {TestTsigKey.Name}
                algorithm: {TestTsigKey.Algorithm}
                secret: {TestTsigKey.Secret}
            acl:
              - id: update
                key: {TestTsigKey.Name}
                action: update
            zone:
              - domain: {zone}
                storage: {directory.Path}
                file: {zone}.zone
                acl: update
            """);
        await server.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    protected override ToolCommand Command => new() { Program = "/usr/sbin/knotd", Arguments = ["-c", Path.Combine(Directory.Path, "knot.conf")] };

    /// <inheritdoc/>
    protected override Task<bool> IsReadyAsync() => AnswersForAsync(_zone);
}
