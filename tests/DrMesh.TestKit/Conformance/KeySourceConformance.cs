using System.Security.Cryptography;
using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Keys;
using Shouldly;

namespace DrMesh.TestKit.Conformance;

/// <summary>What every <see cref="IKeySource"/> must do. A test of a source calls each of these.</summary>
public static class KeySourceConformance
{
    private const string Context = "drmesh/1/0123/root-0123";

    /// <summary>A wrapped key comes back, hides the plain one, and differs each time.</summary>
    public static async Task UnwrapsWhatItWrappedAsync(IKeySource source, CancellationToken token)
    {
        var key = RandomNumberGenerator.GetBytes(32);

        var wrapped = await source.WrapAsync(key, Context, token);

        (await source.UnwrapAsync(wrapped, Context, token)).ShouldBe(key);
        wrapped.AsSpan().IndexOf(key.AsSpan(0, 8)).ShouldBe(-1);
        (await source.WrapAsync(key, Context, token)).ShouldNotBe(wrapped);
        source.KeyId.Length.ShouldBeInRange(1, 64);
        source.KeyId.ShouldAllBe(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
    }

    /// <summary>Another context, a changed bit and a cut are each refused as a wrong key.</summary>
    public static async Task RefusesWhatItDidNotWrapAsync(IKeySource source, CancellationToken token)
    {
        var wrapped = await source.WrapAsync(RandomNumberGenerator.GetBytes(32), Context, token);
        var changed = wrapped.ToArray();
        changed[^20] ^= 1;

        await Expect.FaultAsync(DrMeshError.RepositoryKeyWrong, () => source.UnwrapAsync(wrapped, Context + "x", token), Context + "x");
        await Expect.FaultAsync(DrMeshError.RepositoryKeyWrong, () => source.UnwrapAsync(changed, Context, token), Context);
        await Expect.FaultAsync(DrMeshError.RepositoryKeyWrong, () => source.UnwrapAsync(wrapped.AsMemory(0, 10), Context, token), Context);
    }

    /// <summary>Another key has another name and does not open.</summary>
    public static async Task KeepsKeysApartAsync(IKeySource source, IKeySource other, CancellationToken token)
    {
        var wrapped = await source.WrapAsync(RandomNumberGenerator.GetBytes(32), Context, token);

        other.KeyId.ShouldNotBe(source.KeyId);
        await Expect.FaultAsync(DrMeshError.RepositoryKeyWrong, () => other.UnwrapAsync(wrapped, Context, token), Context);
    }

    /// <summary>Many callers at once each get their own.</summary>
    public static Task ServesManyAsync(IKeySource source, CancellationToken token) => Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var context = $"{Context}-{number}";
        (await source.UnwrapAsync(await source.WrapAsync(key, context, token), context, token)).ShouldBe(key);
    }));
}
