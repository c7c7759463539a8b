using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>A real bind 9 on loopback, whose zone the key of <see cref="TestTsigKey"/> may update; ended and removed on dispose.</summary>
public sealed class BindServer : DnsServerProcess
{
    private readonly string _zone;

    private BindServer(TestDirectory directory, int port, string zone)
        : base(directory, port) => _zone = zone;

    /// <summary>Starts one with one zone.</summary>
    public static async Task<BindServer> StartNewAsync(string zone)
    {
        var directory = await TestDirectory.CreateAsync();
        var server = new BindServer(directory, LoopbackPort.Next(), zone);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, zone + ".zone"), ZoneFile.Empty(zone));
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "named.conf"), $$"""
            options {
              directory "{{directory.Path}}";
              pid-file "{{directory.Path}}/named.pid";
              session-keyfile "{{directory.Path}}/session.key";
              listen-on port {{server.EndPoint.Port}} { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion no;
              allow-transfer { none; };
              notify no;
              dnssec-validation no;
            };
            controls { };
            key "{{TestTsigKey.Name}}" { algorithm {{TestTsigKey.Algorithm}}; secret "{{TestTsigKey.Secret}}"; };
            zone "{{zone}}" { type primary; file "{{zone}}.zone"; allow-update { key "{{TestTsigKey.Name}}"; }; };
            """);
        await server.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    protected override ToolCommand Command => new()
    {
        Program = "/usr/sbin/named",
        Arguments = ["-g", "-n", "1", "-c", Path.Combine(Directory.Path, "named.conf")],
    };

    /// <inheritdoc/>
    protected override Task<bool> IsReadyAsync() => AnswersForAsync(_zone);
}
