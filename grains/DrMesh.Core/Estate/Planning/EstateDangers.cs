using System.Text.RegularExpressions;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Planning;

/// <summary>Changes a person should look at twice, each with what it does and does not do. The first rule that fits speaks.</summary>
internal static class EstateDangers
{
    private static readonly Rule[] Rules =
    [
        new(@"^clusters\.[^.]+$", EstateChangeKind.Remove, "the cluster is no longer watched, archived or failed over; its servers and backups stay"),
        new(@"^clusters\.[^.]+$", EstateChangeKind.Change, "another engine under the same name: to DrMesh a new cluster without backups"),
        new(@"^clusters\.[^.]+\.primaryRegion$", EstateChangeKind.Change, "moves no primary by itself; run drmesh switchover for that"),
        new(@"^clusters\.[^.]+\.members\.[^.]+$", EstateChangeKind.Remove, "the member is no longer counted or used; its server goes on until it is stopped by hand"),
        new(@"^clusters\.[^.]+\.members\.[^.]+\.(node|port|dataDirectory)$", EstateChangeKind.Change, "nothing is moved: the server must already be there"),
        new(@"^clusters\.[^.]+\.durability\.mode$", EstateChangeKind.Change, "from quorum to async: writes acknowledged just before a failover can be lost", IsTo("async")),
        new(@"^clusters\.[^.]+\.durability\.acknowledgements$", EstateChangeKind.Change, "fewer regions have a write when it is acknowledged", IsLessNumber),
        new(@"^clusters\.[^.]+\.durability\.whenQuorumLost$", EstateChangeKind.Change, "writes go on when no other region has them", IsTo("async")),
        new(@"^fileTrees\.[^.]+$", EstateChangeKind.Remove, "the tree is no longer backed up; its files and backups stay"),
        new(@"^fileTrees\.[^.]+\.primaryRegion$", EstateChangeKind.Change, "moves no files by itself"),
        new(@"^applications\.[^.]+$", EstateChangeKind.Remove, "nothing of it fails over together or is backed up at one point any more"),
        new(@"^applications\.[^.]+\.(clusters|fileTrees|services)$", EstateChangeKind.Remove, "its parts no longer move or are backed up with the application"),
        new(@"^applications\.[^.]+\.clusters$", EstateChangeKind.Change, "moves nothing now; sessions that begin from now on move them in this order", IsReordered),
        new(@"^services\.[^.]+$", EstateChangeKind.Remove, "the names keep their last answer and follow no failover"),
        new(@"^services\.[^.]+\.(names|zone|provider)$", EstateChangeKind.Change, "records of the old names stay as they are and follow no failover"),
        new(@"^regions\.[^.]+$", EstateChangeKind.Remove, "its silos no longer count as observers, and nothing fails over to it"),
        new(@"^regions\.[^.]+\.nodes\.[^.]+$", EstateChangeKind.Remove, "its agent is no longer used"),
        new(@"^regions\.[^.]+\.nodes\.[^.]+\.guard$", EstateChangeKind.Change, "a primary there can outlive its agent", IsTo("none")),
        new(@"^repositories\.[^.]+$", EstateChangeKind.Remove, "its backups stay, but retention, verification and restores no longer look there"),
        new(@"^repositories\.[^.]+\.(local|s3)($|\.(node|directory|bucket|prefix|endpoint)$)", null, "no backup is moved: what is at the old place is no longer found"),
        new(@"^repositories\.[^.]+\.encryption($|\.(keyFile|kms))", null, "older backups still need the old key; keep it"),
        new(@"^repositories\.[^.]+\.s3\.objectLock$", EstateChangeKind.Remove, "new objects can be removed by whoever has the bucket's keys"),
        new(@"^repositories\.[^.]+\.keep$", EstateChangeKind.Change, "older backups may be removed at the next retention run", IsShorter),
        new(@"^policies\.[^.]+\.retention\.window$", EstateChangeKind.Change, "times before the shorter window can no longer be restored after the next retention run", IsShorter),
        new(@"^policies\.[^.]+\.retention\.[^.]+$", EstateChangeKind.Change, "older backups may be removed at the next retention run", IsLessNumber),
        new(@"^policies\.[^.]+\.backup\.continuousArchive$", EstateChangeKind.Change, "times between backups can no longer be restored", IsTo("false")),
        new(@"^policies\.[^.]+\.backup\.encryption$", EstateChangeKind.Change, "backups may be stored in the clear", IsTo("optional")),
        new(@"^policies\.[^.]+\.failover\.strategy$", EstateChangeKind.Change, "primaries are moved without a person from now on", IsTo("automatic")),
        new(@"^policies\.[^.]+\.failover\.lossLimit$", EstateChangeKind.Change, "more acknowledged writes may be lost without a person's approval", IsMoreBytes),
        new(@"^policies\.[^.]+\.failover\.secondApprover$", EstateChangeKind.Change, "one person alone can approve from now on", IsTo("false")),
    ];

    /// <summary>Why a person should look twice at <paramref name="change"/>, or null.</summary>
    public static string? Of(EstateChange change) =>
        Array.Find(Rules, rule => (rule.Kind is null ? change.Kind != EstateChangeKind.Add : rule.Kind == change.Kind) && rule.Path.IsMatch(change.Path) && rule.Applies(change))?.Danger;

    private static Func<EstateChange, bool> IsTo(string value) => change => change.After == value;

    private static bool IsLessNumber(EstateChange change) => int.TryParse(change.Before, out var before) && int.TryParse(change.After, out var after) && after < before;

    // The canonical form of a list of names: [a, b].
    private static bool IsReordered(EstateChange change) =>
        change is { Before: { } before, After: { } after } && before.Trim('[', ']').Split(", ").Order(StringComparer.Ordinal).SequenceEqual(after.Trim('[', ']').Split(", ").Order(StringComparer.Ordinal));

    private static bool IsShorter(EstateChange change) =>
        DurationText.TryParse(change.Before ?? "", out var before, out _) && DurationText.TryParse(change.After ?? "", out var after, out _) && after < before;

    private static bool IsMoreBytes(EstateChange change) =>
        SizeText.TryParse(change.Before ?? "", out var before, out _) && SizeText.TryParse(change.After ?? "", out var after, out _) && after > before;

    private sealed class Rule(string path, EstateChangeKind? kind, string danger, Func<EstateChange, bool>? applies = null)
    {
        public Regex Path { get; } = new(path, RegexOptions.ExplicitCapture);

        /// <summary>The kind of change; null for both a change and a removal.</summary>
        public EstateChangeKind? Kind { get; } = kind;

        public string Danger { get; } = danger;

        public bool Applies(EstateChange change) => applies?.Invoke(change) ?? true;
    }
}
