using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository;

/// <summary>The sentences of the engine's errors, one place each.</summary>
internal static class RepositoryErrors
{
    public static DrMeshException Damaged(string name, string fact, Exception? inner = null) => new(
        DrMeshError.RepositoryObjectDamaged,
        $"{name} is damaged: {fact}",
        "drmesh repo verify names all that is damaged; copy it from another tier with drmesh repo copy",
        inner);

    public static DrMeshException Missing(string name) => new(
        DrMeshError.RepositoryObjectMissing,
        $"{name} is not there",
        "drmesh repo verify names all that is missing; copy it from another tier with drmesh repo copy");

    public static DrMeshException Unreachable(string name, string fact, Exception? inner = null) => new(
        DrMeshError.RepositoryUnreachable, $"{name} cannot be reached: {fact}", "try again when the store answers", inner);

    public static DrMeshException Full(string name, Exception? inner = null) => new(
        DrMeshError.RepositoryStoreFull,
        $"{name} could not be written: the store has no space left",
        "make room, or remove backups by retention and run drmesh repo gc",
        inner);

    public static DrMeshException Refused(string name, string fact, Exception? inner = null) => new(
        DrMeshError.RepositoryStoreFailed, $"{name}: the store refused: {fact}", "check the store's permissions and settings", inner);

    public static DrMeshException Locked(string name, string fact, Exception? inner = null) => new(
        DrMeshError.RepositoryObjectLocked, $"{name} is held by an object lock: {fact}", "wait until the lock ends", inner);

    public static DrMeshException KeyWrong(string fact, Exception? inner = null) => new(
        DrMeshError.RepositoryKeyWrong, fact, "use the key the repository was made with, or one it was rotated to", inner);

    public static DrMeshException BackupUnknown(string id) => new(
        DrMeshError.RepositoryBackupUnknown, $"no tier has a backup {id}", "drmesh repo ls shows what there is");

    public static DrMeshException BackupExists(string id) => new(
        DrMeshError.RepositoryBackupExists, $"a backup {id} is committed already", "take another name; drmesh repo show tells what it is");

    /// <summary>A fault that concerns one object or tier and not the caller's request.</summary>
    public static bool IsStoreFault(DrMeshError code) =>
        code is DrMeshError.RepositoryUnreachable or DrMeshError.RepositoryStoreFull or DrMeshError.RepositoryStoreFailed
            or DrMeshError.RepositoryObjectMissing or DrMeshError.RepositoryObjectDamaged or DrMeshError.RepositoryObjectLocked
            or DrMeshError.RepositoryKeyWrong or DrMeshError.KeyServiceFailed or DrMeshError.RepositoryUnknown;
}
