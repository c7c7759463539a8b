using System.Collections.Immutable;

namespace DrMesh.Core.Recovery;

/// <summary>
/// The standbys a commit waits for: any <see cref="Needed"/> of <see cref="Members"/>, as <c>synchronous_standby_names = 'ANY k (…)'</c> says. Nobody and 0: commits wait for
/// nobody (<c>async</c>).
/// </summary>
/// <param name="Needed">k: how many of them must have a commit before it is acknowledged.</param>
/// <param name="Members">The standbys, by name.</param>
public sealed record AcknowledgingSet(int Needed, ImmutableSortedSet<string> Members)
{
    /// <summary>Commits wait for nobody.</summary>
    public static AcknowledgingSet Nobody { get; } = new(0, []);

    /// <summary>As PostgreSQL's setting; empty when commits wait for nobody.</summary>
    public string ToSetting() => Needed == 0 ? "" : $"ANY {Needed} ({string.Join(", ", Members.Select(member => $"\"{member}\""))})";

    /// <inheritdoc/>
    public bool Equals(AcknowledgingSet? other) => other is not null && Needed == other.Needed && Members.SetEquals(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Needed, Members.Count);
}
