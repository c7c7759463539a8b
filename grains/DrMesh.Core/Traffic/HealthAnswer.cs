namespace DrMesh.Core.Traffic;

/// <summary>The answer to a provider's health check.</summary>
/// <param name="IsServing">True: 200, the name may answer with this region; false: 503.</param>
/// <param name="Reason">One sentence for the body, read by people.</param>
public sealed record HealthAnswer(bool IsServing, string Reason)
{
    /// <summary>How old the knowledge may be before the answer says so.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Decides. A silo that cannot reach the others goes on answering as it last knew: it moves nothing by losing contact (S5), and a control plane
    /// that is down takes no healthy service out of DNS (S4). What ends it is the database here no longer accepting writes: then the
    /// region was fenced and another one may be in charge.
    /// </summary>
    public static HealthAnswer Decide(HealthQuestion question)
    {
        if (!question.IsKnown)
        {
            return new(false, "this silo has not read the service's state yet");
        }

        if (question.Active is not { } active)
        {
            return new(false, "no region was chosen for this service");
        }

        if (active != question.Here)
        {
            return new(false, $"traffic goes to {active}");
        }

        if (question.AcceptsWrites is false)
        {
            return new(false, $"traffic goes to {active}, but the database here accepts no writes");
        }

        return question.Age <= FreshFor
            ? new(true, $"traffic goes to {active}")
            : new(true, $"traffic went to {active} when last read {question.Age.TotalSeconds:0} s ago");
    }
}
