using DrMesh.Grains.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Hosting;

/// <summary>Wiring of service traffic.</summary>
public static class TrafficHosting
{
    /// <summary>Adds what traffic grains need beside the DNS providers, which <c>AddDns</c> adds.</summary>
    public static IServiceCollection AddDrMeshTraffic(this IServiceCollection services, Action<TrafficOptions>? configure = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TrafficOptions>()
            .Configure(configure ?? (_ => { }))
            .Validate(options => options.GiveUpAfter > TimeSpan.Zero && options.VerifyWithin > TimeSpan.Zero, "traffic.giveUpAfter and traffic.verifyWithin must be above 0")
            .ValidateOnStart();
        services.TryAddSingleton<ITrafficDeclarations, EstateDeclarations>();
        services.AddSingleton<TrafficSteps>();
        services.AddSingleton<DirectTrafficSwitch>();
        services.AddSingleton<TrafficHealth>();
        return services;
    }
}
