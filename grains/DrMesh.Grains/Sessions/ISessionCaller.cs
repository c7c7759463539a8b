namespace DrMesh.Grains.Sessions;

/// <summary>Who makes the grain call being served, as the silo's own check established it.</summary>
public interface ISessionCaller
{
    /// <summary>The caller's name; the silo's own when no person made the call.</summary>
    string Name { get; }
}
