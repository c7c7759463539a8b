using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Regions;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>One running archive. Disposing it returns when its connections are closed.</summary>
internal interface IArchiveRun : IAsyncDisposable
{
    /// <summary>The member it streams from; null: it finds one by itself, and another when that one is lost.</summary>
    NodeId? Source { get; }

    /// <summary>Whether it has ended by a fault.</summary>
    bool HasEnded { get; }

    /// <summary>Where it stands.</summary>
    ArchiveStatus Status(NodeId here);
}
