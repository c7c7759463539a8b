using DrMesh.Core.Traffic;
using DrMesh.Engines.Dns.Hooks;
using DrMesh.Engines.Dns.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DrMesh.Engines.Dns;

/// <summary>Adds the DNS providers, the verifier of authoritative answers, and the hooks.</summary>
public static class DnsHosting
{
    /// <summary>Adds them; the options are checked when the host starts.</summary>
    public static IServiceCollection AddDns(this IServiceCollection services, Action<DnsOptions>? configure = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        var options = services.AddOptions<DnsOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DnsOptions>, DnsOptionsValidator>());
        services.TryAddSingleton<IDnsProviders, DnsProviders>();
        services.TryAddSingleton<IAuthoritativeVerifier, AuthoritativeVerifier>();
        services.TryAddSingleton<IHookRunner, HookRunner>();
        return services;
    }
}
