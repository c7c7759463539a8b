using DrMesh.Contracts.Errors;

namespace DrMesh.Silo.Store;

/// <summary>One command at a time makes, starts or stops the local store. The kernel drops the lock when its holder dies.</summary>
internal static class LocalStoreLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<IDisposable> TakeAsync(LocalStorePaths paths, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.StateFolder);
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
            catch (IOException held)
            {
                throw new DrMeshException(
                    DrMeshError.ControlStoreLocalState,
                    $"another command has held {paths.Lock} for {Patience.TotalSeconds:0} s",
                    "wait for it, or end it",
                    held);
            }
        }
    }
}
