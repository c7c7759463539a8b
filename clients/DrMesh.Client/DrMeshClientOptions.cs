using System.Collections.Immutable;

namespace DrMesh.Client;

/// <summary>How a program finds the mesh and who it is there. Give gateways or a control store; with both, the gateways count.</summary>
public sealed record DrMeshClientOptions
{
    /// <summary>Silos to connect to, each <c>host:port</c> of a gateway. One that answers is enough; all are used.</summary>
    public ImmutableArray<string> Gateways { get; init; } = [];

    /// <summary>The control store's connection string, from which the running silos' gateways are read; it may name several hosts.</summary>
    public string? ControlStore { get; init; }

    /// <summary>The Orleans cluster's name, as in the silos' configuration.</summary>
    public string ClusterId { get; init; } = "drmesh";

    /// <summary>The file whose first line is the access token; null: none is presented, which a mesh without access rules takes.</summary>
    public string? TokenFile { get; init; }

    /// <summary>How long to look for a silo before giving up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one call may take; a contract can ask for less. After it the outcome of a call that changes something is unknown: repeat it with the same operation id.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
