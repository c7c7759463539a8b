namespace DrMesh.Grains.Sessions;

/// <summary>What the loop asks of the activation it runs in.</summary>
internal interface ISessionHost
{
    /// <summary>The store refused a write: this activation must go.</summary>
    void GiveUp();

    /// <summary>Give <c>TimeReached</c> at that time; null: no more.</summary>
    void WakeAt(DateTimeOffset? at);

    /// <summary>The session has ended.</summary>
    void Ended();
}
