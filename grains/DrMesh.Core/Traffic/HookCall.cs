namespace DrMesh.Core.Traffic;

/// <summary>What a hook is told, as one JSON object with these names in camel case.</summary>
public sealed record HookCall
{
    /// <summary>The same for every try of one call, for example <c>session/step</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What happened or is about to, for example <c>traffic-switched</c>.</summary>
    public required string Event { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The session it belongs to; null: none.</summary>
    public string? Session { get; init; }

    /// <summary>The application or service it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The region left; null: none.</summary>
    public string? From { get; init; }

    /// <summary>The region that serves now; null: none.</summary>
    public string? To { get; init; }

    /// <summary>
    /// With <c>quiesce</c>: after how many seconds the receiver lets writes go on by itself, if nobody told it before. Null: it does not apply.
    /// </summary>
    public double? DeadManSeconds { get; init; }

    /// <summary>With <c>restore</c>: the state that <c>capture</c> handed out. Null: it does not apply.</summary>
    public string? State { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Text { get; init; }
}
