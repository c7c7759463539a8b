using DrMesh.Contracts.Errors;

namespace DrMesh.Grains.Tests.Audit;

internal sealed class AuditedTestGrain(AuditedTestGrain.Hook hook) : Grain, IAuditedTestGrain
{
    private int _changes;

    public async Task<int> Change(string reason)
    {
        await hook.DuringCall();
        return ++_changes;
    }

    public Task<AskResult> Ask(AskRequest request) => Task.FromResult(new AskResult { IsRefusal = request.Target == "closed" });

    public Task Fail(bool refuses) => refuses
        ? throw new DrMeshException(DrMeshError.EstateConflict, "the estate changed meanwhile", "plan again")
        : throw new InvalidOperationException("a bug");

    public Task<int> Read() => Task.FromResult(_changes);

    /// <summary>What happens while the grain works.</summary>
    internal sealed class Hook
    {
        public Func<Task> DuringCall { get; set; } = () => Task.CompletedTask;
    }
}
