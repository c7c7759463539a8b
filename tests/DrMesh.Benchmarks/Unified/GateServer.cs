using System.Net;
using System.Text.Json;
using DrMesh.TestKit.Servers;

namespace DrMesh.Benchmarks.Unified;

/// <summary>The application's side of its hooks, over HTTP: <c>quiesce</c> waits for the orders under way and lets none begin until <c>resume</c>.</summary>
internal sealed class GateServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpAnswerer _http;
    private TaskCompletionSource _open = new();
    private TaskCompletionSource _idle = new();
    private int _underWay;

    public GateServer()
    {
        _open.SetResult();
        _http = new HttpAnswerer(AnswerAsync);
    }

    /// <summary>The hooks' address.</summary>
    public string Url => _http.Url.ToString();

    /// <summary>Does one order when the application may write.</summary>
    public async Task WriteAsync(Func<Task> order)
    {
        while (true)
        {
            await Volatile.Read(ref _open).Task;
            lock (_lock)
            {
                if (_open.Task.IsCompleted)
                {
                    _underWay++;
                    break;
                }
            }
        }

        try
        {
            await order();
        }
        finally
        {
            lock (_lock)
            {
                if (--_underWay == 0)
                {
                    _idle.TrySetResult();
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = await JsonDocument.ParseAsync(call.Request.InputStream);
        if (body.RootElement.GetProperty("event").GetString() == "quiesce")
        {
            await HoldAsync();
        }
        else
        {
            _open.TrySetResult();
        }

        call.Response.Close();
    }

    private Task HoldAsync()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _underWay == 0 ? Task.CompletedTask : _idle.Task;
        }
    }
}
