using DrMesh.Contracts.Audit;

namespace DrMesh.Grains.Tests.Audit;

[Alias("drmesh.test.audited")]
public interface IAuditedTestGrain : IGrainWithStringKey
{
    [StateChanging("test.change")]
    Task<int> Change(string reason);

    [StateChanging("test.ask")]
    Task<AskResult> Ask(AskRequest request);

    [StateChanging("test.fail")]
    Task Fail(bool refuses);

    Task<int> Read();
}

[GenerateSerializer, Alias("drmesh.test.ask-request")]
public sealed record AskRequest : IAuditedRequest
{
    [Id(0)]
    public required string Target { get; init; }

    public string? AuditTarget => Target;

    public string? AuditReason => "asked for";
}

[GenerateSerializer, Alias("drmesh.test.ask-result")]
public sealed record AskResult : IAuditedResult
{
    [Id(0)]
    public required bool IsRefusal { get; init; }

    public string AuditDetail => IsRefusal ? "not today" : "session 7";
}
