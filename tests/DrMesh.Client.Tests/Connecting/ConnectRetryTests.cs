using System.Net.Sockets;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DrMesh.Client.Tests.Connecting;

public sealed class ConnectRetryTests
{
    private static readonly DrMeshClientOptions ByGateways = new() { Gateways = ["a:1", "b:2"], ConnectTimeout = TimeSpan.FromSeconds(2) };
    private static readonly DrMeshClientOptions ByStore = new() { ControlStore = "Host=s", ConnectTimeout = TimeSpan.FromSeconds(2) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retry_NobodyAnswers_TriesUntilTheTimeIsUpAndThenNamesWhereItLooked()
    {
        var time = new FakeTimeProvider();
        var retry = new ConnectRetry(ByGateways, time);
        var tries = 0;
        DrMeshException? fault = null;

        while (fault is null)
        {
            var asked = retry.ShouldRetryConnectionAttempt(new SiloUnavailableException(), Cancellation);
            time.Advance(TimeSpan.FromMilliseconds(250));
            try
            {
                (await asked).ShouldBeTrue();
                tries++;
            }
            catch (DrMeshException unreachable)
            {
                fault = unreachable;
            }
        }

        tries.ShouldBe(7, "four a second, and no pause that would end after the limit");
        fault.Code.ShouldBe(DrMeshError.MeshUnreachable);
        fault.Message.ShouldBe("no silo answered at a:1, b:2 within 2 s");
        fault.Hint.ShouldBe("start one with drmesh silo run or drmesh mesh up, or correct --gateways");
    }

    [Fact]
    public async Task Retry_StoreRefusesTheLogin_GivesUpAtOnce()
    {
        var refused = new PostgresException("password authentication failed for user \"drmesh\"", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword);

        var fault = await Should.ThrowAsync<DrMeshException>(
            () => new ConnectRetry(ByStore, new FakeTimeProvider()).ShouldRetryConnectionAttempt(refused, Cancellation));

        fault.Code.ShouldBe(DrMeshError.ControlStoreUnreachable);
        fault.Message.ShouldContain("password authentication failed");
    }

    [Fact]
    public void Unreachable_ByStore_TellsAStoreThatIsDownFromAMeshThatIs()
    {
        var down = ConnectRetry.Unreachable(ByStore, new NpgsqlException("Failed to connect to 127.0.0.1:1", new SocketException(111)));
        var silent = ConnectRetry.Unreachable(ByStore, new OperationCanceledException());
        var empty = ConnectRetry.Unreachable(ByStore, new SiloUnavailableException("no gateway"));

        (down.Code, down.Message).ShouldBe((DrMeshError.ControlStoreUnreachable, "the control store did not name a gateway within 2 s: Failed to connect to 127.0.0.1:1"));
        (silent.Code, silent.Message).ShouldBe((DrMeshError.ControlStoreUnreachable, "neither the control store nor a silo that it names answered within 2 s"));
        (empty.Code, empty.Message).ShouldBe((DrMeshError.MeshUnreachable, "the control store knows no silo of cluster drmesh that answered within 2 s"));
    }
}
