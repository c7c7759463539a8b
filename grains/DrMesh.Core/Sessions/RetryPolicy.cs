namespace DrMesh.Core.Sessions;

/// <summary>How often a step is tried again, and after how long: the wait doubles from <paramref name="First"/> up to <paramref name="Most"/>.</summary>
/// <param name="Tries">How many failures end the step; 1: it is not tried again.</param>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Most">The longest wait.</param>
public sealed record RetryPolicy(int Tries, TimeSpan First, TimeSpan Most)
{
    /// <summary>One try.</summary>
    public static RetryPolicy Once { get; } = new(1, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Five tries within half a minute: 0.5, 1, 2, 4 s apart.</summary>
    public static RetryPolicy Standard { get; } = new(5, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));

    /// <summary>Until a person cancels; at most a minute apart. For what must not be left half done.</summary>
    public static RetryPolicy Persistent { get; } = new(int.MaxValue, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1));

    /// <summary>The wait after the failure of that number, from 1; null: no further try.</summary>
    public TimeSpan? WaitAfter(int failure)
    {
        if (failure >= Tries)
        {
            return null;
        }

        var doubled = First * Math.Pow(2, Math.Min(failure - 1, 30));
        return doubled < Most ? doubled : Most;
    }
}
