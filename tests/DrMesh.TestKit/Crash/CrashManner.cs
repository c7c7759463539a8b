namespace DrMesh.TestKit.Crash;

/// <summary>What strikes.</summary>
public enum CrashManner
{
    /// <summary>The silo dies; nothing it still says reaches the store or the world.</summary>
    SiloDies,

    /// <summary>The call throws; the silo lives.</summary>
    CallThrows,
}
