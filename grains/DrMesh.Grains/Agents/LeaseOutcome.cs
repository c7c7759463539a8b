namespace DrMesh.Grains.Agents;

/// <summary>What became of a renewal.</summary>
internal enum LeaseOutcome
{
    /// <summary>The lease runs; the control store confirmed it.</summary>
    Held,

    /// <summary>The control store did not answer; the agents were asked, where they may be.</summary>
    Asked,

    /// <summary>Commits wait for standbys, or there is nobody else to promote.</summary>
    NotNeeded,

    /// <summary>A session holds the cluster: nobody may lead.</summary>
    Refused,

    /// <summary>Another member leads.</summary>
    Lost,
}
