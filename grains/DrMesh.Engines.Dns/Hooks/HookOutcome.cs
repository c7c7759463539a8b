namespace DrMesh.Engines.Dns.Hooks;

/// <summary>How one try of a hook ended.</summary>
/// <param name="IsDone">It succeeded.</param>
/// <param name="IsFinal">It failed in a way that a repetition cannot change.</param>
/// <param name="Words">What it said, shortened for the record.</param>
/// <param name="Output">All that it handed out; empty unless it succeeded.</param>
internal sealed record HookOutcome(bool IsDone, bool IsFinal, string Words, string Output = "")
{
    public static HookOutcome Done(string words, string output) => new(true, true, words, output);

    public static HookOutcome Failed(string words) => new(false, false, words);

    public static HookOutcome Final(string words) => new(false, true, words);
}
