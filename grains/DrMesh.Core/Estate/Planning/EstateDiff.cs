using System.Collections.Immutable;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Writing;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Planning;

/// <summary>The differences between two estates: entries that come and go as a whole, values that change one by one.</summary>
public static class EstateDiff
{
    /// <summary>What turns <paramref name="before"/> into <paramref name="after"/>, in the order of the estate's sections; empty when they are the same.</summary>
    public static ImmutableArray<EstateChange> Between(EstateDocument before, EstateDocument after)
    {
        var changes = ImmutableArray.CreateBuilder<EstateChange>();
        Compare(changes, "", EstateTree.Of(before, full: true), EstateTree.Of(after, full: true));
        return [.. changes.Select(change => change with { Danger = EstateDangers.Of(change) })];
    }

    private static void Compare(ImmutableArray<EstateChange>.Builder changes, string path, YamlMapping before, YamlMapping after)
    {
        foreach (var key in Keys(before, after))
        {
            var keyPath = path.Length == 0 ? key : $"{path}.{key}";
            switch (before.Find(key), after.Find(key))
            {
                case (YamlMapping old, YamlMapping changed) when IsSameForm(old, changed):
                    Compare(changes, keyPath, old, changed);
                    break;

                // A section, or a list of members, is no entry of its own: what is in it comes or goes.
                case (null, YamlMapping { HoldsNames: true } added):
                    Compare(changes, keyPath, Nothing, added);
                    break;
                case (YamlMapping { HoldsNames: true } removed, null):
                    Compare(changes, keyPath, removed, Nothing);
                    break;
                case (null, { } added):
                    changes.Add(new EstateChange { Kind = EstateChangeKind.Add, Path = keyPath, After = Text(added) });
                    break;
                case ({ } removed, null):
                    changes.Add(new EstateChange { Kind = EstateChangeKind.Remove, Path = keyPath, Before = Text(removed) });
                    break;
                case ({ } old, { } changed) when Text(old) != Text(changed):
                    changes.Add(new EstateChange { Kind = EstateChangeKind.Change, Path = keyPath, Before = Text(old), After = Text(changed) });
                    break;
            }
        }
    }

    private static YamlMapping Nothing { get; } = new(default, []) { HoldsNames = true };

    // Two forms of an entry (a PostgreSQL cluster that becomes a MongoDB one) have nothing in common to compare.
    private static bool IsSameForm(YamlMapping before, YamlMapping after) =>
        (before.Find("engine") as YamlScalar)?.Value == (after.Find("engine") as YamlScalar)?.Value;

    private static IEnumerable<string> Keys(YamlMapping before, YamlMapping after)
    {
        if (after.HoldsNames)
        {
            return before.Entries.Concat(after.Entries).Select(entry => entry.Key.Value).Distinct().Order(StringComparer.Ordinal);
        }

        // The records' order, which both sides follow.
        var old = before.Entries.Select(entry => entry.Key.Value).ToList();
        var changed = after.Entries.Select(entry => entry.Key.Value).ToList();
        return old.Where(key => !changed.Contains(key)).Concat(changed);
    }

    private static string Text(YamlNode node) => node switch
    {
        YamlMapping { Entries.Length: > 0 } => YamlWriter.Write(node),
        YamlSequence sequence when sequence.Items.Any(item => item is YamlMapping) => YamlWriter.Write(node),
        _ => YamlWriter.Inline(node),
    };
}
