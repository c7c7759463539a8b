using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Lab.Demo;

/// <summary>The story on a terminal: the regions as they are now, the rate of writes, and below what happened.</summary>
internal sealed class LiveView : IDemoView
{
    private const int FrameLines = 12;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly bool _waits;
    private readonly long _begun;
    private readonly List<Markup> _lines = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;
    private volatile Scene? _scene;
    private string _title = "DrMesh";
    private string? _question;

    /// <summary>Begins to draw; with <paramref name="waits"/> each act waits for a key.</summary>
    public LiveView(IAnsiConsole console, bool waits, TimeProvider time)
    {
        (_console, _waits, _time, _begun) = (console, waits, time, time.GetTimestamp());
        _drawing = Task.Run(DrawAsync);
    }

    /// <inheritdoc/>
    public void Act(string title)
    {
        _title = title;
        Add($"[bold]{Markup.Escape(title)}[/]");
    }

    /// <inheritdoc/>
    public void Tell(string text) => Add(Markup.Escape(text));

    /// <inheritdoc/>
    public void Good(string text) => Add($"[green]{Markup.Escape(text)}[/]");

    /// <inheritdoc/>
    public void Command(string line) => Add($"[blue]$ {Markup.Escape(line)}[/]");

    /// <inheritdoc/>
    public void Watch(Scene scene) => _scene = scene;

    /// <inheritdoc/>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (!_waits)
        {
            return;
        }

        _question = "press a key to go on";
        while (!Console.KeyAvailable)
        {
            await Task.Delay(Refresh, _time, cancellationToken);
        }

        Console.ReadKey(intercept: true);
        _question = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing;
        _stop.Dispose();
    }

    private void Add(string markup)
    {
        lock (_lines)
        {
            _lines.Add(new Markup(string.Create(CultureInfo.InvariantCulture, $"[dim]{_time.GetElapsedTime(_begun).TotalSeconds,6:0.0} s[/]  {markup}")));
        }
    }

    private Task DrawAsync() => _console.Live(Frame()).StartAsync(async live =>
    {
        while (!_stop.IsCancellationRequested)
        {
            live.UpdateTarget(Frame());
            await Task.Delay(Refresh, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        live.UpdateTarget(Frame());
    });

    private Rows Frame()
    {
        Markup[] last;
        lock (_lines)
        {
            last = [.. _lines.TakeLast(Math.Max(4, _console.Profile.Height - FrameLines))];
        }

        List<IRenderable> parts = [new Rule($"[bold]{Markup.Escape(_title)}[/]") { Justification = Justify.Left }];
        if (_scene is { } scene)
        {
            parts.Add(Regions(scene));
            parts.Add(new Markup(string.Create(
                CultureInfo.InvariantCulture, $"the name answers [bold]{scene.Answer ?? "nothing"}[/]   [bold]{scene.Rate:0}[/] rows/s acknowledged, {scene.Acknowledged} in all")));
        }

        parts.Add(new Rule());
        parts.AddRange(last);
        if (_question is { } question)
        {
            parts.Add(new Markup($"[yellow]{question}[/]"));
        }

        return new Rows(parts);
    }

    private static Table Regions(Scene scene)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("REGION", "ROLE", "BEHIND", "DNS");
        foreach (var region in scene.Regions)
        {
            var role = region.Role switch
            {
                "primary" => "[green]primary[/]",
                "down" => "[red]down[/]",
                var other => other,
            };
            table.AddRow(region.Region, role, region.LagBytes is { } lag ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, lag) / 1024.0:0} kB") : "-", region.IsAnswer ? "[green]answer[/]" : "");
        }

        return table;
    }
}
