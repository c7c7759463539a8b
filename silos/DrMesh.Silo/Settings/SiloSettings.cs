using System.Net;
using DrMesh.Contracts.Regions;
using DrMesh.Grains.Access;

namespace DrMesh.Silo.Settings;

/// <summary>A silo's checked configuration.</summary>
internal sealed record SiloSettings
{
    /// <summary>The Orleans cluster's name; another one for a restored copy of the control store.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The node this silo stands for; its name in the cluster.</summary>
    public required NodeId Node { get; init; }

    /// <summary>What the silo is for, as a label.</summary>
    public required string Role { get; init; }

    /// <summary>The address other silos and clients reach it at.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Where health, metrics and traffic answers are served.</summary>
    public required IPEndPoint Http { get; init; }

    /// <summary>The control store's connection string.</summary>
    public required string ControlStore { get; init; }

    /// <summary>Who may call.</summary>
    public required AccessOptions Access { get; init; }

    /// <summary>How soon a silent silo counts as dead.</summary>
    public required LivenessSettings Liveness { get; init; }

    /// <summary>The least level DrMesh itself logs at.</summary>
    public required LogLevel LogLevel { get; init; }
}
