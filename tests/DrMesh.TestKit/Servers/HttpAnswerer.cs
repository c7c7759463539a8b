using System.Net;

namespace DrMesh.TestKit.Servers;

/// <summary>A small HTTP server on loopback, for fakes and hooks: requests are answered one after another, until it is disposed.</summary>
public sealed class HttpAnswerer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <summary>Starts on a free port.</summary>
    /// <param name="answer">Answers one request, to the closing of its response.</param>
    public HttpAnswerer(Func<HttpListenerContext, Task> answer)
    {
        Url = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _serving = Task.Run(() => ServeAsync(answer));
    }

    /// <summary>Where it answers.</summary>
    public Uri Url { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener.IsListening)
        {
            _listener.Stop();
            await _serving;
            _listener.Close();
        }
    }

    private async Task ServeAsync(Func<HttpListenerContext, Task> answer)
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException || !_listener.IsListening)
            {
                return;
            }

            await answer(request);
        }
    }
}
