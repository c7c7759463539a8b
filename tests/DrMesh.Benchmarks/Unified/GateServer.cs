using System.Net;
using System.Text.Json;
using DrMesh.TestKit;

namespace DrMesh.Benchmarks.Unified;

/// <summary>The application's side of its hooks, over HTTP: <c>quiesce</c> waits for the orders under way and lets none begin until <c>resume</c>.</summary>
internal sealed class GateServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Task _serving;
    private TaskCompletionSource _open = new();
    private TaskCompletionSource _idle = new();
    private int _underWay;

    public GateServer()
    {
        Url = $"http://127.0.0.1:{LoopbackPort.Next()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _open.SetResult();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>The hooks' address.</summary>
    public string Url { get; }

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

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

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
