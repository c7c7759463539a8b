using DrMesh.Contracts.Regions;

namespace DrMesh.Core.Recovery;

/// <summary>Whether a primary is down: never one region's view alone.</summary>
public static class PrimaryDetection
{
    /// <summary>
    /// Down: its own agent says the process is gone, or a majority of the other regions, and at least two, failed for <paramref name="downAfter"/>. Up again: the agent says it
    /// runs and no majority fails, and a majority of the other regions were answered for as long. Between the two the verdict stays what it was.
    /// </summary>
    /// <param name="wasDown">The verdict so far.</param>
    /// <param name="primaryRegion">The primary's own region, whose view does not count.</param>
    /// <param name="regions">Every region of the estate; one without a view says nothing.</param>
    /// <param name="views">The views.</param>
    /// <param name="word">The agent's word.</param>
    /// <param name="downAfter">The policy's time.</param>
    public static bool IsDown(
        bool wasDown, RegionId primaryRegion, IReadOnlyCollection<RegionId> regions, IReadOnlyCollection<RegionView> views, AgentWord word, TimeSpan downAfter)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (word == AgentWord.Gone)
        {
            return true;
        }

        var others = regions.Where(region => region != primaryRegion).Distinct().ToArray();
        var failing = others.Count(region => views.Any(view => view.Region == region && view.FailingFor >= downAfter));
        if (failing >= 2 && PromotionQuorum.IsMajority(failing, others.Length))
        {
            return true;
        }

        var answering = others.Count(region => views.Any(view => view.Region == region && view.AnsweringFor >= downAfter));
        return wasDown && !(PromotionQuorum.IsMajority(answering, others.Length) && word == AgentWord.Running);
    }
}
