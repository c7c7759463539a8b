namespace DrMesh.Contracts.Sessions;

/// <summary>What became of a request to begin a session. Numbers are part of the wire: they never change.</summary>
public enum StartOutcome
{
    /// <summary>The session began.</summary>
    Started = 0,

    /// <summary>The session of that id had begun before: the call was repeated.</summary>
    Already = 1,

    /// <summary>Nothing was begun.</summary>
    Refused = 2,
}
