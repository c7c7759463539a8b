using DrMesh.Contracts.Estate.Schema;

namespace DrMesh.Contracts.Estate;

/// <summary>A call to the outside, with a time limit.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.estate-hook"), EstateOneOf("webhook", "command")]
public sealed record HookDefinition
{
    /// <summary>The hook's name.</summary>
    [Id(0), EstateName("the hook's name")]
    public required string Name { get; init; }

    /// <summary>An HTTP call.</summary>
    [Id(1), EstateKey("an HTTP call: POST with a JSON body, signed")]
    public WebhookDefinition? Webhook { get; init; }

    /// <summary>A program.</summary>
    [Id(2), EstateKey("a program; what is asked for comes on its standard input as JSON")]
    public CommandDefinition? Command { get; init; }

    /// <summary>How long one try may take.</summary>
    [Id(3), EstateKey("how long one try may take", AtLeast = "100ms", AtMost = "1h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a failed try is repeated.</summary>
    [Id(4), EstateKey("how often a failed try is repeated", AtLeast = "0", AtMost = "20")]
    public int Retries { get; init; } = 3;
}
