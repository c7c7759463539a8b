namespace DrMesh.Grains.Tests.Errors;

/// <summary>A grain whose calls fail in the ways the wire has no form for.</summary>
[Alias("drmesh.test.faulty")]
public interface IFaultyTestGrain : IGrainWithStringKey
{
    /// <summary>Fails with an exception of the database driver, alone.</summary>
    [Alias("FailWithDriver")]
    Task FailWithDriver();

    /// <summary>Fails with one of DrMesh that the driver's caused.</summary>
    [Alias("FailWithKnown")]
    Task FailWithKnown();

    /// <summary>Fails as a call to a lost region does, caused by the driver.</summary>
    [Alias("FailWithRegion")]
    Task FailWithRegion();

    /// <summary>Fails with one that carries something that cannot be encoded.</summary>
    [Alias("FailWithData")]
    Task FailWithData();

    /// <summary>Fails with an ordinary one.</summary>
    [Alias("FailPlainly")]
    Task FailPlainly();

    /// <summary>A stream that fails after its first element.</summary>
    [Alias("Watch")]
    IAsyncEnumerable<int> Watch();

    /// <summary>The same call, made by another grain.</summary>
    [Alias("FailInAnother")]
    Task FailInAnother(string key);
}
