using System.Globalization;

namespace DrMesh.Core.Recovery;

/// <summary>What a promotion of a site that came up from the repository would lose, told in time.</summary>
public static class SiteLoss
{
    /// <summary>How much older the newest archived commit is than the last moment at which the primary can have written, nothing where no byte is lost; null: one of the two is not known.</summary>
    /// <param name="bytes">The loss in bytes; null: nobody can tell.</param>
    /// <param name="until">The last moment at which the primary can have written.</param>
    /// <param name="archived">When the newest commit that was replayed happened, by the primary's clock.</param>
    public static TimeSpan? Of(long? bytes, DateTimeOffset? until, DateTimeOffset? archived) =>
        bytes == 0 ? TimeSpan.Zero : until is { } last && archived is { } at ? TimeSpan.FromTicks(Math.Max(0, (last - at).Ticks)) : null;

    /// <summary>As evidence: seconds, or <c>unknown</c>.</summary>
    public static string Text(TimeSpan? loss) => loss is { } known ? known.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) : "unknown";
}
