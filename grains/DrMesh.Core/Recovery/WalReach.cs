using System.Globalization;
using DrMesh.Contracts.Databases;

namespace DrMesh.Core.Recovery;

/// <summary>
/// How far a primary can have written by a moment at which nobody sees it any more: where it was seen last, and from then on the most it was seen to write. A primary that writes more than it was
/// ever seen to can go beyond that; so whoever is shown the figure is shown what it rests on.
/// </summary>
public sealed record WalReach
{
    /// <summary>A primary that was seen idle is taken to write a page a second.</summary>
    public const double LeastBytesPerSecond = 8192;

    // What was seen are shares of about a second: one that had only begun is taken as a whole.
    private static readonly TimeSpan Begun = TimeSpan.FromSeconds(1);

    /// <summary>The timeline it writes on.</summary>
    public required TimelineId Timeline { get; init; }

    /// <summary>The end of its WAL when it was seen last.</summary>
    public required Lsn Seen { get; init; }

    /// <summary>From then until the moment.</summary>
    public required TimeSpan Unseen { get; init; }

    /// <summary>The most it was seen to write, in bytes a second, from one answer to the next.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>How much of the time before it was watched for that.</summary>
    public required TimeSpan Watched { get; init; }

    /// <summary>The furthest it can have written; null: nobody can tell, since it was unseen for longer than it had been watched.</summary>
    public Lsn? UpTo => Watched < Unseen ? null : Seen + (long)Math.Ceiling(Math.Max(BytesPerSecond, LeastBytesPerSecond) * (Unseen + Begun).TotalSeconds);

    /// <summary>The same at a later moment.</summary>
    public WalReach After(TimeSpan later) => this with { Unseen = Unseen + later };

    /// <summary>What the figure rests on, as a person reads it.</summary>
    /// <param name="primary">The primary.</param>
    public string Explain(string primary) => string.Create(
        CultureInfo.InvariantCulture,
        $"{primary} was last seen at {Seen}, {Unseen.TotalSeconds:0.0} s before it is known to write no more, ")
        + (UpTo is null
            ? string.Create(CultureInfo.InvariantCulture, $"and had been watched for {Watched.TotalSeconds:0} s only: what it wrote unseen is not known")
            : string.Create(CultureInfo.InvariantCulture, $"and is taken to have gone on at {Math.Max(BytesPerSecond, LeastBytesPerSecond) / 1000:0.#} kB/s, the most it was seen to write in {Watched.TotalSeconds:0} s; if it wrote more, more is lost"));
}
