using System.Collections.Immutable;

namespace DrMesh.Contracts.Sessions;

/// <summary>One thing that happened in a session.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-event")]
public sealed record SessionEvent
{
    /// <summary>Counts from 1 without gaps within a session; progress repeats the number of the event before it, so a watcher resumes after any event it saw.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>When it happened, by the clock of the silo that ran the session.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>What kind of event it is.</summary>
    [Id(2)]
    public required SessionEventKind Kind { get; init; }

    /// <summary>One line for a person.</summary>
    [Id(3)]
    public required string Text { get; init; }

    /// <summary>The facts behind the text, for programs; numbers and times in the invariant culture.</summary>
    [Id(4)]
    public ImmutableSortedDictionary<string, string> Data { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
