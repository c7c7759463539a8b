using DrMesh.Grains.Access;

namespace DrMesh.Grains.Tests.Access;

internal sealed class AccessTestGrain(IGrainFactory grains) : Grain, IAccessTestGrain
{
    public Task<string?> Read() => Task.FromResult(Caller.Current is { } caller ? $"{caller.Name} {caller.Role}" : null);

    public Task<string?> ReadOther(string key) => grains.GetGrain<IAccessTestGrain>(key).Read();

    public Task Change() => Task.CompletedTask;

    public Task Approve() => Task.CompletedTask;

    public async IAsyncEnumerable<int> Watch()
    {
        yield return 1;
        await Task.Yield();
        yield return 2;
    }

    public Task CallBack(IAccessTestObserver observer) => observer.Called();
}
