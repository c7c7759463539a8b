using System.Text.Json;
using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Hooks;
using DrMesh.TestKit;
using DrMesh.TestKit.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrMesh.Engines.Dns.Tests.Hooks;

public sealed class HookRunnerTests : IDisposable
{
    private static readonly HookCall Call = new()
    {
        Id = "s1/switch-traffic",
        Event = "traffic-switched",
        At = DateTimeOffset.UnixEpoch,
        Subject = "shop",
        From = "eu-west-1",
        To = "us-east-1",
        Text = "shop moved",
    };

    private readonly HookRunner _runner = new(TimeProvider.System, NullLogger<HookRunner>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _runner.Dispose();

    [Fact]
    public async Task Webhook_WithSecret_CarriesASignatureTheReceiverCanCheck()
    {
        await using var receiver = new WebhookReceiver(200);
        using var secret = new SecretFile("hook secret");

        await _runner.RunAsync(Webhook(receiver, secret.Path), Call, Cancellation);

        var seen = receiver.Seen.ShouldHaveSingleItem();
        seen.Headers["DrMesh-Signature"].ShouldBe("sha256=" + WebhookTry.Sign("hook secret", seen.Headers["DrMesh-Timestamp"], seen.Body));
        seen.Headers["DrMesh-Id"].ShouldBe(Call.Id);
        JsonDocument.Parse(seen.Body).RootElement.GetProperty("to").GetString().ShouldBe("us-east-1");
    }

    [Fact]
    public void Sign_KnownVector_IsHmacSha256()
    {
        // printf '1.{}' | openssl dgst -sha256 -hmac key
        WebhookTry.Sign("key", "1", "{}").ShouldBe("1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224");
    }

    [Fact]
    public async Task Webhook_FailsTwice_IsRepeatedWithTheSameId()
    {
        await using var receiver = new WebhookReceiver(503, 503, 200);

        await _runner.RunAsync(Webhook(receiver), Call, Cancellation);

        receiver.Seen.Count.ShouldBe(3);
        receiver.Seen.Select(call => call.Headers["DrMesh-Id"]).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Webhook_KeepsFailing_SaysWhatTheLastTrySaid()
    {
        await using var receiver = new WebhookReceiver(503);

        await Expect.FaultAsync(DrMeshError.HookFailed, () => _runner.RunAsync(Webhook(receiver) with { Retries = 1 }, Call, Cancellation), "cdn", "2 tries", "503");

        receiver.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Webhook_SaysTheCallIsWrong_IsNotRepeated()
    {
        await using var receiver = new WebhookReceiver(422);

        await Expect.FaultAsync(DrMeshError.HookFailed, () => _runner.RunAsync(Webhook(receiver), Call, Cancellation), "1 try", "422");
    }

    [Fact]
    public async Task Webhook_NeverAnswers_EndsAtTheLimit()
    {
        await using var receiver = new WebhookReceiver(0);
        var hook = Webhook(receiver) with { Timeout = TimeSpan.FromMilliseconds(300), Retries = 0 };

        await Expect.FaultAsync(DrMeshError.HookFailed, () => _runner.RunAsync(hook, Call, Cancellation), "no answer within 0.3 s");
    }

    [Fact]
    public async Task Command_GetsTheCallOnItsInput()
    {
        using var directory = await TestDirectory.CreateAsync();
        var seen = Path.Combine(directory.Path, "seen");

        await _runner.RunAsync(Command("sh", "-c", $"cat > {seen}"), Call, Cancellation);

        JsonDocument.Parse(await File.ReadAllTextAsync(seen, Cancellation)).RootElement.GetProperty("id").GetString().ShouldBe(Call.Id);
    }

    [Fact]
    public async Task Command_Fails_SaysItsLastLine() => await Expect.FaultAsync(
        DrMeshError.HookFailed, () => _runner.RunAsync(Command("sh", "-c", "echo the CDN said no >&2; exit 4"), Call, Cancellation), "exit code 4: the CDN said no");

    [Fact]
    public async Task Command_TooSlow_IsEnded()
    {
        using var directory = await TestDirectory.CreateAsync();
        var pidFile = Path.Combine(directory.Path, "pid");
        var hook = Command("sh", "-c", $"echo $$ > {pidFile}; exec sleep 600") with { Timeout = TimeSpan.FromSeconds(2) };

        await Expect.FaultAsync(DrMeshError.HookFailed, () => _runner.RunAsync(hook, Call, Cancellation), "no answer within 2 s");

        Directory.Exists($"/proc/{(await File.ReadAllTextAsync(pidFile, Cancellation)).Trim()}").ShouldBeFalse();
    }

    [Fact]
    public async Task Command_Missing_IsNotRepeated() => await Expect.FaultAsync(
        DrMeshError.HookFailed, () => _runner.RunAsync(Command("no-such-program") with { Retries = 5 }, Call, Cancellation), "1 try", "no-such-program");

    private static HookDefinition Webhook(WebhookReceiver receiver, string? secretFile = null) => new()
    {
        Name = "cdn",
        Webhook = new WebhookDefinition { Url = receiver.Url.ToString(), SecretFile = secretFile },
        Timeout = TimeSpan.FromSeconds(20),
        Retries = 3,
    };

    private static HookDefinition Command(string program, params string[] arguments) => new()
    {
        Name = "cdn",
        Command = new CommandDefinition { Program = program, Arguments = [.. arguments] },
        Timeout = TimeSpan.FromSeconds(20),
        Retries = 0,
    };
}
