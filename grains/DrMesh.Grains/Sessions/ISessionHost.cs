using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;

namespace DrMesh.Grains.Sessions;

/// <summary>What the loop asks of the activation it runs in.</summary>
internal interface ISessionHost<TPlan>
    where TPlan : class
{
    /// <summary>The store refused a write: this activation must go.</summary>
    void GiveUp();

    /// <summary>Give <c>TimeReached</c> at that time; null: no more.</summary>
    void WakeAt(DateTimeOffset? at);

    /// <summary>Phases were entered, and that is stored.</summary>
    void Moved(SessionState<TPlan> state, IReadOnlyList<SessionTransition> moved);

    /// <summary>The session has ended.</summary>
    void Ended();
}
