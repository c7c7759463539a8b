using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Lab.Demo;

/// <summary>Keeps the acts, the commands and what they came to, beside another view, for a picture of the run.</summary>
internal sealed class PictureView(IDemoView shown, TimeProvider time) : IDemoView
{
    private readonly long _begun = time.GetTimestamp();
    private readonly List<Markup> _lines = [];

    /// <summary>The picture, with the table of what was measured at its end.</summary>
    public string Draw(DemoFigures figures)
    {
        lock (_lines)
        {
            IRenderable[] parts = [new Markup("[bold]$ ./drmesh demo[/]"), .. _lines, Text.Empty, FiguresView.Draw(figures)];
            return SvgPicture.Draw(new Rows(parts));
        }
    }

    /// <inheritdoc/>
    public void Act(string title)
    {
        Add($"[bold]{Markup.Escape(title)}[/]");
        shown.Act(title);
    }

    /// <inheritdoc/>
    public void Tell(string text) => shown.Tell(text);

    /// <inheritdoc/>
    public void Good(string text)
    {
        Add($"[green]{Markup.Escape(text)}[/]");
        shown.Good(text);
    }

    /// <inheritdoc/>
    public void Command(string line)
    {
        Add($"[blue]$ {Markup.Escape(line)}[/]");
        shown.Command(line);
    }

    /// <inheritdoc/>
    public void Watch(Scene scene) => shown.Watch(scene);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => shown.PauseAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => shown.DisposeAsync();

    private void Add(string markup)
    {
        lock (_lines)
        {
            _lines.Add(new Markup(string.Create(CultureInfo.InvariantCulture, $"[dim]{time.GetElapsedTime(_begun).TotalSeconds,6:0.0} s[/]  {markup}")));
        }
    }
}
