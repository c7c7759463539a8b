using DrMesh.Contracts.Errors;
using DrMesh.Core.Backups.Storage;
using Shouldly;

namespace DrMesh.TestKit.Conformance;

/// <summary>What every <see cref="IObjectStore"/> must do. A test of a store calls each of these on an empty one.</summary>
public static class ObjectStoreConformance
{
    /// <summary>Written objects are read back whole and in part; missing ones are named.</summary>
    public static async Task ReadsBackAsync(IObjectStore store, CancellationToken token)
    {
        var content = Content(1, 100_000);
        (await store.PutAsync("a/b", content, ifAbsent: true, token)).ShouldBeTrue();

        var buffer = new byte[100_010];
        (await store.ReadAsync("a/b", 0, buffer, token)).ShouldBe(content.Length);
        buffer.AsSpan(0, content.Length).SequenceEqual(content).ShouldBeTrue();
        (await store.ReadAsync("a/b", 99_990, buffer, token)).ShouldBe(10);
        buffer.AsSpan(0, 10).SequenceEqual(content.AsSpan(99_990)).ShouldBeTrue();
        (await store.ReadAsync("a/b", 100_000, buffer, token)).ShouldBe(0);
        (await store.StatAsync("a/b", token))!.Length.ShouldBe(content.Length);
        (await store.StatAsync("a/c", token)).ShouldBeNull();
        var missing = await Should.ThrowAsync<DrMeshException>(() => store.ReadAsync("a/c", 0, buffer, token));
        missing.Code.ShouldBe(DrMeshError.RepositoryObjectMissing);
        missing.Message.ShouldContain("a/c");
        (await store.PutAsync("empty", ReadOnlyMemory<byte>.Empty, ifAbsent: true, token)).ShouldBeTrue();
        (await store.StatAsync("empty", token))!.Length.ShouldBe(0);
    }

    /// <summary>Of many conditional writers of one key exactly one wins; an unconditional one replaces.</summary>
    public static async Task HasOneWinnerAsync(IObjectStore store, CancellationToken token)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(() => store.PutAsync("one", Content(number, 5000), ifAbsent: true, token), token)));

        results.Count(won => won).ShouldBe(1);
        var stored = new byte[5000];
        await store.ReadAsync("one", 0, stored, token);
        stored.ShouldBe(Content(Array.IndexOf(results, true), 5000));
        (await store.PutAsync("one", Content(99, 10), ifAbsent: false, token)).ShouldBeTrue();
        (await store.StatAsync("one", token))!.Length.ShouldBe(10);
    }

    /// <summary>An upload of several parts, written at once, appears whole with its completion and not before; one that is dropped leaves nothing.</summary>
    public static async Task UploadsAsync(IObjectStore store, CancellationToken token)
    {
        var parts = new[] { Content(1, IObjectUpload.PartSize), Content(2, IObjectUpload.PartSize), Content(3, 12_345) };
        await using (var upload = await store.BeginUploadAsync("big", token))
        {
            await Task.WhenAll(parts.Select(part => upload.WriteAsync(part, token)).ToArray());
            (await store.StatAsync("big", token)).ShouldBeNull();
            (await upload.CompleteAsync(token)).ShouldBeTrue();
        }

        var buffer = new byte[parts.Sum(part => part.Length)];
        (await store.ReadAsync("big", 0, buffer, token)).ShouldBe(buffer.Length);
        buffer.AsSpan().SequenceEqual(parts.SelectMany(part => part).ToArray()).ShouldBeTrue();

        await using (var dropped = await store.BeginUploadAsync("dropped", token))
        {
            await dropped.WriteAsync(parts[0], token);
            await dropped.WriteAsync(parts[1], token);
        }

        (await store.StatAsync("dropped", token)).ShouldBeNull();
        await using var second = await store.BeginUploadAsync("big", token);
        await second.WriteAsync(parts[2], token);
        (await second.CompleteAsync(token)).ShouldBeFalse();
        (await store.StatAsync("big", token))!.Length.ShouldBe(buffer.Length);
    }

    /// <summary>Listings are ordinal, begin after a key when asked, and show every effect at once; deleting twice is success.</summary>
    public static async Task ListsAndDeletesAsync(IObjectStore store, CancellationToken token)
    {
        // No key is another's folder: a directory cannot be a file, too.
        string[] keys = ["l/a.1", "l/a/1", "l/a/2", "l/a0", "l/b/c/d", "m/a"];
        foreach (var key in keys)
        {
            await store.PutAsync(key, Content(1, 3), ifAbsent: true, token).WaitAsync(token);
        }

        (await KeysAsync(store.ListAsync("", null, token))).ShouldBe(keys.Order(StringComparer.Ordinal));
        (await KeysAsync(store.ListAsync("l/", null, token))).ShouldBe(keys[..^1].Order(StringComparer.Ordinal));
        (await KeysAsync(store.ListAsync("l/a", "l/a.1", token))).ShouldBe(["l/a/1", "l/a/2", "l/a0"]);
        (await KeysAsync(store.ListAsync("l/a/", "l/a/1", token))).ShouldBe(["l/a/2"]);
        (await KeysAsync(store.ListAsync("nothing/", null, token))).ShouldBeEmpty();
        await store.DeleteAsync("l/a/1", token);
        await store.DeleteAsync("l/a/1", token);
        (await KeysAsync(store.ListAsync("l/a/", null, token))).ShouldBe(["l/a/2"]);
    }

    private static async Task<List<string>> KeysAsync(IAsyncEnumerable<ObjectInfo> listing)
    {
        var keys = new List<string>();
        await foreach (var info in listing)
        {
            keys.Add(info.Key);
        }

        return keys;
    }

    private static byte[] Content(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }
}
