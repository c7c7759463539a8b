namespace DrMesh.Core.Sessions;

/// <summary>
/// One start of a step. An effect is idempotent under (session, step, target, epoch); the attempt tells a late outcome of an earlier start from that of the last one.
/// </summary>
/// <param name="Step">The step.</param>
/// <param name="Target">What it acts on; empty when there is only one thing it can be.</param>
/// <param name="Epoch">The target's epoch when the intent was stored; 0 where no epoch is kept.</param>
/// <param name="Attempt">Counts the starts of this step on this target, from 1.</param>
public readonly record struct StepKey(StepName Step, string Target, long Epoch, int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Target.Length == 0 ? Step.Value : $"{Step}/{Target}")} epoch {Epoch} attempt {Attempt}";
}
