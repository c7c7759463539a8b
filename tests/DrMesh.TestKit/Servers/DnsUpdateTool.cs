using DrMesh.Engines.Processes;

namespace DrMesh.TestKit.Servers;

/// <summary>Writes past DrMesh with <c>nsupdate</c>, as another tool would.</summary>
public static class DnsUpdateTool
{
    /// <summary>Sends update commands in nsupdate's language.</summary>
    public static async Task RunAsync(DnsServerProcess server, string zone, params string[] commands)
    {
        string[] lines =
        [
            $"server 127.0.0.1 {server.EndPoint.Port}",
            $"zone {zone}.",
            $"key {TestTsigKey.Algorithm}:{TestTsigKey.Name} {TestTsigKey.Secret}",
            .. commands,
            "send",
            "",
        ];
        var result = await ToolProcess.RunAsync(new ToolCommand { Program = "nsupdate", Input = string.Join('\n', lines) });
        result.EnsureSuccess($"the server's log: {server.Log}");
    }
}
