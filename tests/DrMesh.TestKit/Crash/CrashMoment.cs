namespace DrMesh.TestKit.Crash;

/// <summary>Where a crash strikes.</summary>
public enum CrashMoment
{
    /// <summary>The write has not reached the store.</summary>
    BeforeWrite,

    /// <summary>The store has it, the session does not know.</summary>
    AfterWrite,

    /// <summary>The intent is stored, the effect has not happened.</summary>
    BeforeEffect,

    /// <summary>The effect has happened, the outcome is not stored.</summary>
    AfterEffect,
}
