namespace DrMesh.Contracts.Errors;

/// <summary>The console's exit codes: 0 done, 1 failed, 2 usage, 3 needs approval, 4 unreachable.</summary>
public static class ExitCodes
{
    /// <summary>The command did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>The command failed; the reason is on stderr.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a file or a configuration given by the caller is not usable.</summary>
    public const int Usage = 2;

    /// <summary>Nothing was done: a person's approval is needed first.</summary>
    public const int NeedsApproval = 3;

    /// <summary>The mesh, a region or the control store could not be reached.</summary>
    public const int Unreachable = 4;

    /// <summary>The exit code that stands for <paramref name="code"/>.</summary>
    public static int For(DrMeshError code) => code switch
    {
        DrMeshError.UsageInvalid or DrMeshError.ConfigurationInvalid or DrMeshError.EstateInvalid or DrMeshError.EstateUnknownName
            or DrMeshError.SessionUnknown or DrMeshError.TrafficServiceUnknown
            or DrMeshError.RepositoryUnknown or DrMeshError.RepositoryBackupUnknown
            or DrMeshError.FileTreePathUnknown => Usage,
        DrMeshError.ApprovalRequired => NeedsApproval,
        DrMeshError.RegionUnavailable or DrMeshError.NodeUnavailable or DrMeshError.MeshUnreachable or DrMeshError.ControlStoreUnreachable
            or DrMeshError.RepositoryUnreachable or DrMeshError.KeyServiceFailed or DrMeshError.MongoUnreachable => Unreachable,
        _ => Failed,
    };
}
