using DrMesh.Core.Sessions;
using DrMesh.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wiring of durable sessions.</summary>
public static class SessionsHosting
{
    /// <summary>Adds what all kinds share. Needs grain storage with <c>StateSerializer</c>, reminders, and the control store for <see cref="ISessionTable"/>.</summary>
    public static IServiceCollection AddDrMeshSessions(this IServiceCollection services, Action<SessionOptions>? configure = null)
    {
        var options = services.AddOptions<SessionOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SessionRoster>();
        services.TryAddSingleton<ISessionTable, PostgresSessionTable>();
        services.TryAddSingleton<ISessionCaller, RequestCaller>();
        services.TryAddSingleton(typeof(SessionServices<>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, SessionSupervisor>());
        return services;
    }

    /// <summary>Adds one kind of session: its machine. The runners of its steps are added as <see cref="IStepRunner{TPlan}"/>; a silo without one of them does not start.</summary>
    public static IServiceCollection AddSessionKind<TPlan>(this IServiceCollection services, SessionMachine<TPlan> machine)
        where TPlan : class
    {
        services.AddSingleton(provider => new SessionKind<TPlan>(machine, provider.GetServices<IStepRunner<TPlan>>()));
        services.AddSingleton<ISessionKindCheck>(provider => provider.GetRequiredService<SessionKind<TPlan>>());
        return services;
    }
}
