using System.Globalization;

namespace DrMesh.Lab.Demo;

/// <summary>One line for each thing that happens: for a log, a pipe, a program.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IDemoView
{
    private readonly long _begun = time.GetTimestamp();
    private Scene? _scene;

    /// <inheritdoc/>
    public void Act(string title)
    {
        if (_scene is { Regions.Count: > 0 } scene)
        {
            var regions = string.Join(", ", scene.Regions.Select(region => $"{region.Region} {region.Role}{(region.IsAnswer ? " *" : "")}"));
            Line(string.Create(CultureInfo.InvariantCulture, $"   {regions}; {scene.Acknowledged} rows acknowledged, {scene.Rate:0} a second (* the name's answer)"));
        }

        Line($"== {title}");
    }

    /// <inheritdoc/>
    public void Tell(string text) => Line($"   {text}");

    /// <inheritdoc/>
    public void Good(string text) => Line($"   {text}");

    /// <inheritdoc/>
    public void Command(string line) => Line($"   $ {line}");

    /// <inheritdoc/>
    public void Watch(Scene scene) => _scene = scene;

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Line(string text)
    {
        lock (output)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(_begun).TotalSeconds,6:0.0} s {text}"));
            output.Flush();
        }
    }
}
