using DrMesh.Contracts.Access;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.Access;
using Orleans.TestingHost;

namespace DrMesh.Grains.Tests.Access;

/// <summary>Two silos, so that calls cross between them, and a client that writes into its calls what it likes.</summary>
public sealed class AccessFilterTests : IAsyncLifetime
{
    private static readonly AccessOptions Access = new()
    {
        MeshSecret = new string('s', AccessOptions.ShortestSecret),
        Grants =
        [
            new AccessGrant("vera", AccessRole.Viewer, AccessGrant.Hash("v")),
            new AccessGrant("otto", AccessRole.Operator, AccessGrant.Hash("o")),
            new AccessGrant("ann", AccessRole.Approver, AccessGrant.Hash("a")),
            new AccessGrant("kit", AccessRole.Admin, AccessGrant.Hash("k")),
        ],
    };

    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddDrMeshAccess(Access));
        _cluster = builder.Build();
        // The kit asks the runtime's own grains whether the silos have found each other.
        RequestContext.Set(AccessHeaders.Token, "k");
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(null, "the call carries no access token")]
    [InlineData("x", "the access token is not known to this silo")]
    public async Task Call_WithoutAKnownToken_IsNotAuthenticated(string? token, string expected)
    {
        var fault = await Should.ThrowAsync<DrMeshException>(() => As(token, grain => grain.Read()));

        fault.Code.ShouldBe(DrMeshError.NotAuthenticated);
        fault.Message.ShouldBe(expected);
    }

    [Fact]
    public async Task Call_WithAForgedMeshSecret_IsNotAuthenticated()
    {
        RequestContext.Set(AccessHeaders.MeshSecret, new string('x', AccessOptions.ShortestSecret));

        (await Should.ThrowAsync<DrMeshException>(() => As(null, grain => grain.Read()))).Code.ShouldBe(DrMeshError.NotAuthenticated);
    }

    [Theory]
    [InlineData("v", true, false, false)]
    [InlineData("o", true, true, false)]
    [InlineData("a", true, true, true)]
    public async Task Call_ByRole_IsAllowedUpToIt(string token, bool read, bool change, bool approve)
    {
        (await IsAllowedAsync(token, grain => grain.Read())).ShouldBe(read);
        (await IsAllowedAsync(token, grain => grain.Change())).ShouldBe(change);
        (await IsAllowedAsync(token, grain => grain.Approve())).ShouldBe(approve);
        (await IsAllowedAsync(token, DrainAsync)).ShouldBe(change);
    }

    [Fact]
    public async Task Call_ThroughOtherSilos_KeepsTheCallerAndTakesNobodysWord()
    {
        RequestContext.Set("drmesh.caller", "4 mallory");

        for (var i = 0; i < 20; i++)
        {
            var other = $"other-{i}";
            (await As("v", grain => grain.ReadOther(other))).ShouldBe("vera Viewer");
        }
    }

    [Fact]
    public async Task Call_ToAClientsObserver_CarriesNoSecret()
    {
        var observer = new Observer();
        var reference = _cluster.Client.CreateObjectReference<IAccessTestObserver>(observer);

        await As("v", async grain =>
        {
            await grain.CallBack(reference);
            return true;
        });

        observer.Seen.ShouldNotBeNull().ShouldNotContain(AccessHeaders.MeshSecret);
        observer.Seen.ShouldNotContain(AccessHeaders.Token);
    }

    private static async Task DrainAsync(IAccessTestGrain grain)
    {
        await foreach (var _ in grain.Watch())
        {
            // Only whether it may be read is asked.
        }
    }

    private async Task<bool> IsAllowedAsync(string token, Func<IAccessTestGrain, Task> call)
    {
        try
        {
            return await As(token, async grain =>
            {
                await call(grain);
                return true;
            });
        }
        catch (DrMeshException refused)
        {
            refused.Code.ShouldBe(DrMeshError.NotAuthorized);
            return false;
        }
    }

    private async Task<T> As<T>(string? token, Func<IAccessTestGrain, Task<T>> call)
    {
        if (token is null)
        {
            RequestContext.Remove(AccessHeaders.Token);
        }
        else
        {
            RequestContext.Set(AccessHeaders.Token, token);
        }

        return await call(_cluster.Client.GetGrain<IAccessTestGrain>("here"));
    }

    private sealed class Observer : IAccessTestObserver
    {
        public IReadOnlyList<string>? Seen { get; private set; }

        public Task Called()
        {
            Seen = [.. RequestContext.Keys];
            return Task.CompletedTask;
        }
    }
}
