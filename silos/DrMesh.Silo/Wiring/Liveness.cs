using DrMesh.Silo.Settings;
using Orleans.Configuration;

namespace DrMesh.Silo.Wiring;

/// <summary>
/// How soon a dead silo is replaced, against how easily a busy one is taken for dead.
/// </summary>
/// <remarks>
/// <para>
/// A silo probes its neighbours every <see cref="LivenessSettings.ProbeTimeout"/> (1 s; two continents are a quarter of that apart) and votes
/// against one that missed three in a row, the last of them through a third silo. Two votes make it dead; a mesh of two needs one. A killed
/// silo's connections break, so its probes fail at once and it is dead after 2 to 3 s; a frozen one or one behind a dead link after 4 to 5 s.
/// </para>
/// <para>
/// A silo short of CPU for some seconds must survive that. Any message from it within the monitoring window (longest probe × missed probes,
/// 3.6 s) holds a vote back, so a slow silo is not a dead one. A prober short of CPU itself knows it: late timers and a slow thread pool
/// stretch its own probes (Lifeguard, arXiv:1707.00788) up to the longest, and a probe during which it stalled itself counts for nothing.
/// And it takes two silos: one that cannot hear the others does not outvote them.
/// </para>
/// <para>
/// The control store arbitrates: a vote is a compare-and-set there. While it is away nobody is declared dead and nobody joins.
/// </para>
/// </remarks>
internal static class Liveness
{
    private const double LongestProbe = 1.2;

    /// <summary>Fills Orleans' options.</summary>
    public static void Configure(ClusterMembershipOptions membership, LivenessSettings settings)
    {
        membership.ProbeTimeout = settings.ProbeTimeout;
        // The adaptive time-out would sink to half of it on a quiet network, where the first hiccup would then count.
        membership.MinProbeTimeout = settings.ProbeTimeout;
        membership.MaxProbeTimeout = settings.ProbeTimeout * LongestProbe;
        membership.NumMissedProbesLimit = settings.MissedProbes;
        membership.NumVotesForDeathDeclaration = settings.Votes;
        // Votes of one incident belong together; an old one must not complete a new one.
        membership.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);
        // News travels by gossip at once; reading the table is the safety net for a silo that gossip missed.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        // A silo that starts while a dead one still counts as alive must wait for the verdict, not for minutes.
        membership.MaxJoinAttemptTime = TimeSpan.FromMinutes(1);
        // A region that is gone is shown as gone for a week, then forgotten.
        membership.DefunctSiloExpiration = TimeSpan.FromDays(7);
    }
}
