using DrMesh.Contracts.Errors;

namespace DrMesh.TestKit.Conformance;

/// <summary>The comparisons of the conformance kits, which belong to no test framework.</summary>
public static class Expect
{
    /// <summary>Both hold the same elements in the same order.</summary>
    public static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var (wanted, given) = (expected.ToList(), actual.ToList());
        if (!wanted.SequenceEqual(given))
        {
            throw new InvalidOperationException($"expected [{string.Join(" | ", wanted)}], got [{string.Join(" | ", given)}]");
        }
    }

    /// <summary>The action ends with this fault, whose message holds the given words.</summary>
    public static async Task<DrMeshException> FaultAsync(DrMeshError code, Func<Task> action, params string[] words)
    {
        try
        {
            await action();
        }
        catch (DrMeshException fault) when (fault.Code == code)
        {
            var missing = words.Where(word => !fault.Message.Contains(word, StringComparison.Ordinal)).ToList();
            return missing.Count == 0 ? fault : throw new InvalidOperationException($"\"{fault.Message}\" does not say {string.Join(", ", missing)}");
        }
        catch (Exception other)
        {
            throw new InvalidOperationException($"expected {code}, got {other.GetType().Name}: {other.Message}", other);
        }

        throw new InvalidOperationException($"expected {code}, and nothing was wrong");
    }
}
