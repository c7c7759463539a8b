using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Tests.Placement;

/// <summary>A grain whose key says where it lives.</summary>
[Alias("drmesh.test.placed")]
public interface IPlacedTestGrain : IGrainWithStringKey
{
    /// <summary>The name of the silo it lives on.</summary>
    [Alias("Where"), LeastRole(AccessRole.Viewer)]
    Task<string> Where();

    /// <summary>Asks another one from here.</summary>
    [Alias("AskOther"), LeastRole(AccessRole.Viewer)]
    Task<string> AskOther(string key);
}
