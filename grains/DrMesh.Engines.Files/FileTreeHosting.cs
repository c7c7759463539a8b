using DrMesh.Core.Backups.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Files;

/// <summary>How a program gets the engine of file trees.</summary>
public static class FileTreeHosting
{
    /// <summary>Adds <see cref="IFileTreeEngine"/>. It has no options: what it does is in each request.</summary>
    public static IServiceCollection AddFileTreeEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFileTreeEngine>(provider =>
            new FileTreeEngine(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FileTreeEngine>>()));
        return services;
    }
}
