using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Core.Recovery.ReplicaSets;

/// <summary>The next thing to do to a set that is being moved.</summary>
public abstract record SetAction
{
    /// <summary>The candidate leads a majority.</summary>
    /// <param name="Position">The last operation it has.</param>
    public sealed record Done(OpTime Position) : SetAction;

    /// <summary>The set needs time.</summary>
    /// <param name="Why">For what.</param>
    public sealed record Wait(string Why) : SetAction;

    /// <summary>It cannot be done.</summary>
    /// <param name="Why">Why.</param>
    public sealed record Refuse(string Why) : SetAction;

    /// <summary>A new configuration is given to a member.</summary>
    /// <param name="At">The member, by host: the primary, or when forced the candidate.</param>
    /// <param name="To">The configuration.</param>
    /// <param name="IsForced">Whether it is forced.</param>
    public sealed record Reconfigure(string At, SetConfiguration To, bool IsForced) : SetAction;

    /// <summary>The primary hands over.</summary>
    /// <param name="Host">The primary.</param>
    public sealed record StepDown(string Host) : SetAction;
}
