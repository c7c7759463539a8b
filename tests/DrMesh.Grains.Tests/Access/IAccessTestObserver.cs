namespace DrMesh.Grains.Tests.Access;

/// <summary>A client's object that a grain calls.</summary>
[Alias("drmesh.test.access-observer")]
public interface IAccessTestObserver : IGrainObserver
{
    /// <summary>Looks at what came along.</summary>
    [Alias("Called")]
    Task Called();
}
