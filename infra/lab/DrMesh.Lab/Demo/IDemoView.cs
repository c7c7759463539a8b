namespace DrMesh.Lab.Demo;

/// <summary>Where the demo tells its story.</summary>
internal interface IDemoView : IAsyncDisposable
{
    /// <summary>A new act begins.</summary>
    void Act(string title);

    /// <summary>Something happened.</summary>
    void Tell(string text);

    /// <summary>Something good and final happened.</summary>
    void Good(string text);

    /// <summary>A command is typed.</summary>
    void Command(string line);

    /// <summary>From now on there is something to look at.</summary>
    void Watch(Scene scene);

    /// <summary>Waits for a key; at once without a person.</summary>
    Task PauseAsync(CancellationToken cancellationToken);
}
