using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Tests.Access;

/// <summary>A grain with a method for each way a role is asked for.</summary>
[Alias("drmesh.test.access")]
public interface IAccessTestGrain : IGrainWithStringKey
{
    /// <summary>Says for whom the call is made; for viewers.</summary>
    [Alias("Read"), LeastRole(AccessRole.Viewer)]
    Task<string?> Read();

    /// <summary>The same, of another grain.</summary>
    [Alias("ReadOther"), LeastRole(AccessRole.Viewer)]
    Task<string?> ReadOther(string key);

    /// <summary>Without a role: for operators.</summary>
    [Alias("Change")]
    Task Change();

    /// <summary>For approvers.</summary>
    [Alias("Approve"), LeastRole(AccessRole.Approver)]
    Task Approve();

    /// <summary>A stream for operators.</summary>
    [Alias("Watch")]
    IAsyncEnumerable<int> Watch();

    /// <summary>Calls the observer back and returns what it saw of the request context.</summary>
    [Alias("CallBack"), LeastRole(AccessRole.Viewer)]
    Task CallBack(IAccessTestObserver observer);
}
