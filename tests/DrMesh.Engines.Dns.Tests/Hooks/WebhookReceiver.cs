using System.Collections.Concurrent;
using System.Net;
using DrMesh.TestKit;

namespace DrMesh.Engines.Dns.Tests.Hooks;

/// <summary>Receives webhooks and answers with the given statuses in turn, the last one from then on; status 0 never answers.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int[] _statuses;
    private readonly Task _serving;

    public WebhookReceiver(params int[] statuses)
    {
        _statuses = statuses;
        Url = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}/hook");
        _listener.Prefixes.Add(new Uri(Url, "/").ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    public ConcurrentQueue<(Dictionary<string, string> Headers, string Body)> Seen { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var headers = context.Request.Headers.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.Headers[name]!);
                var status = _statuses[Math.Min(Seen.Count, _statuses.Length - 1)];
                Seen.Enqueue((headers, await reader.ReadToEndAsync()));
                if (status != 0)
                {
                    context.Response.StatusCode = status;
                    context.Response.Close();
                }
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
