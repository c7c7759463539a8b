using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Checks;

/// <summary>Each repository has a place of its own, and its storage fits its tier.</summary>
internal static class RepositoryChecks
{
    public static void Run(CheckContext context)
    {
        var taken = new Dictionary<string, string>();
        foreach (var repository in context.InFileOrder(context.Estate.Repositories, repository => $"repositories.{repository.Name}"))
        {
            var path = $"repositories.{repository.Name}";
            var (place, placePath) = PlaceOf(repository, path);
            if (place is not null && !taken.TryAdd(place, placePath))
            {
                context.Findings.Error(placePath, $"{place} is already the place of {taken[place]} (line {context.Findings.PlaceOf(taken[place]).Line})", taken[place]);
            }

            if (repository.S3 is { } s3)
            {
                CheckStorage(context, repository, s3, path);
            }
        }
    }

    private static (string? Place, string Path) PlaceOf(RepositoryDefinition repository, string path) => repository switch
    {
        { Local: { } local } => ($"{local.Node}:{local.Directory.TrimEnd('/')}", $"{path}.local.directory"),
        { S3: { } s3 } => ($"{s3.Endpoint ?? "s3"}/{s3.Bucket}/{s3.Prefix?.Trim('/')}".TrimEnd('/'), $"{path}.s3.bucket"),
        _ => (null, path),
    };

    private static void CheckStorage(CheckContext context, RepositoryDefinition repository, S3Store s3, string path)
    {
        if (repository.Tier is RepositoryTier.Hot or RepositoryTier.Warm && s3.StorageClass is S3StorageClass.Glacier or S3StorageClass.DeepArchive)
        {
            context.Findings.Warning($"{path}.s3.storageClass", "objects of this class take hours to read; a hot or warm tier is meant for recovery within an hour", $"{path}.tier");
        }

        if (s3.ObjectLock is not { } objectLock)
        {
            return;
        }

        var lockPath = $"{path}.s3.objectLock.duration";
        if (objectLock.Duration.Ticks % TimeSpan.TicksPerDay != 0)
        {
            context.Findings.Error(lockPath, $"{DurationText.Format(objectLock.Duration)} is not whole days, which S3 counts in");
        }
        else if (objectLock.Duration > RepositoryTiers.KeepOf(repository))
        {
            context.Findings.Warning(
                lockPath,
                $"objects are locked for {DurationText.Format(objectLock.Duration)}, longer than the repository keeps them ({DurationText.Format(RepositoryTiers.KeepOf(repository))}); retention cannot remove them before",
                $"{path}.keep",
                $"{path}.tier");
        }
    }
}
