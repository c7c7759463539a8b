using DrMesh.Grains.ControlStore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of the control store.</summary>
public static class ControlStoreHosting
{
    /// <summary>
    /// Adds DrMesh's access to the control store. Orleans' AdoNet providers are given <see cref="ControlStoreDatabase.Primary"/>; before the silo starts, <c>ControlStoreSchema.EnsureCurrentAsync</c> says whether it may.
    /// </summary>
    public static IServiceCollection AddDrMeshControlStore(this IServiceCollection services, Action<ControlStoreOptions> configure)
    {
        services.AddOptions<ControlStoreOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ControlStoreOptions>, ControlStoreOptionsValidator>());
        services.TryAddSingleton<ControlStoreDatabase>();
        services.TryAddSingleton<ControlStoreSchema>();
        services.TryAddSingleton<ControlStoreMigrator>();
        // A fault of the store may be the cause of one that travels to a caller; what has no form on the wire would hide both.
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(Npgsql)));
        return services;
    }
}
