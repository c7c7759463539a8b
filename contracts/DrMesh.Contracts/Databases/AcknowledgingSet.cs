using System.Collections.Immutable;

namespace DrMesh.Contracts.Databases;

/// <summary>
/// The standbys a commit waits for: any <see cref="Needed"/> of <see cref="Members"/>, as <c>synchronous_standby_names = 'ANY k (…)'</c> says. Nobody and 0: commits wait for
/// nobody (<c>async</c>).
/// </summary>
[GenerateSerializer, Immutable, Alias("drmesh.acknowledging-set")]
public sealed record AcknowledgingSet
{
    /// <summary>k: how many of them must have a commit before it is acknowledged.</summary>
    [Id(0)]
    public required int Needed { get; init; }

    /// <summary>The standbys, by name, ordered.</summary>
    [Id(1)]
    public required ImmutableArray<string> Members { get; init; }

    /// <summary>Commits wait for nobody.</summary>
    public static AcknowledgingSet Nobody { get; } = Of(0, []);

    /// <summary>Any <paramref name="needed"/> of <paramref name="members"/>.</summary>
    public static AcknowledgingSet Of(int needed, IEnumerable<string> members) =>
        new() { Needed = needed, Members = [.. members.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };

    /// <inheritdoc/>
    public bool Equals(AcknowledgingSet? other) => other is not null && Needed == other.Needed && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Needed, Members.Length);

    /// <summary>As PostgreSQL's setting; empty when commits wait for nobody.</summary>
    public override string ToString() => Needed == 0 ? "" : $"ANY {Needed} ({string.Join(", ", Members.Select(member => $"\"{member}\""))})";
}
