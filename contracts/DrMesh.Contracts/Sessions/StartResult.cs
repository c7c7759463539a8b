using DrMesh.Contracts.Audit;
using DrMesh.Contracts.Errors;

namespace DrMesh.Contracts.Sessions;

/// <summary>The answer to a request to begin a session. Repeating the request with the same id is safe.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.start-result")]
public sealed record StartResult : IAuditedResult
{
    /// <summary>What became of the request.</summary>
    [Id(0)]
    public required StartOutcome Outcome { get; init; }

    /// <summary>The session that began; when refused because another holds the subject, that other one; else null.</summary>
    [Id(1)]
    public SessionId? Session { get; init; }

    /// <summary>Why nothing was begun; null unless refused.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>The next action of the person who asked; null unless refused.</summary>
    [Id(3)]
    public string? Hint { get; init; }

    /// <summary>Which error the refusal is; null unless refused.</summary>
    [Id(4)]
    public DrMeshError? Error { get; init; }

    /// <summary>The session began.</summary>
    public static StartResult Started(SessionId session) => new() { Outcome = StartOutcome.Started, Session = session };

    /// <summary>The session had begun before.</summary>
    public static StartResult Already(SessionId session) => new() { Outcome = StartOutcome.Already, Session = session };

    /// <summary>Nothing was begun.</summary>
    public static StartResult Refused(DrMeshError error, string reason, string hint, SessionId? holder = null) =>
        new() { Outcome = StartOutcome.Refused, Error = error, Reason = reason, Hint = hint, Session = holder };

    bool IAuditedResult.IsRefusal => Outcome == StartOutcome.Refused;

    string IAuditedResult.AuditDetail => Reason ?? $"session {Session}";
}
