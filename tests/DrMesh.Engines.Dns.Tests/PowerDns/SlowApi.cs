using System.Net;
using DrMesh.TestKit;

namespace DrMesh.Engines.Dns.Tests.PowerDns;

/// <summary>Stands before nothing: it shows an empty zone and, asked to change it, never answers or answers with an error.</summary>
internal sealed class SlowApi : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _closed = new();
    private readonly Task _serving;

    public SlowApi()
    {
        Url = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>The status a change is answered with; 0: none.</summary>
    public int PatchStatus { get; init; }

    public async ValueTask DisposeAsync()
    {
        _closed.SetResult();
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        List<Task> answers = [];
        while (_listener.IsListening)
        {
            try
            {
                answers.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var isChange = context.Request.HttpMethod == "PATCH";
        if (isChange && PatchStatus == 0)
        {
            await _closed.Task;
            return;
        }

        context.Response.StatusCode = isChange ? PatchStatus : 200;
        await using (var writer = new StreamWriter(context.Response.OutputStream))
        {
            await writer.WriteAsync(isChange ? """{"error":"the backend is broken"}""" : """{"rrsets":[]}""");
        }

        context.Response.Close();
    }
}
