using DrMesh.Engines.Dns;
using DrMesh.Grains.Regions;
using DrMesh.Silo.Endpoints;
using DrMesh.Silo.Settings;
using OpenTelemetry.Metrics;

namespace DrMesh.Silo.Wiring;

/// <summary>Puts one silo's process together.</summary>
internal static class SiloHost
{
    /// <summary>Builds the process of the silo that <paramref name="settings"/> describe.</summary>
    public static WebApplication Build(SiloSettings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(settings.Http));
        builder.Services.AddRoutingCore();
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<SystemdWatchdog>();
        builder.Services.Configure<HostOptions>(host =>
        {
            // Health is answered while the silo still joins, so the web server does not wait for it.
            host.ServicesStartConcurrently = true;
            host.ShutdownTimeout = TimeSpan.FromSeconds(30);
        });
        SiloLogging.Configure(builder.Logging, settings.LogLevel);
        builder.Services.AddDrMeshControlStore(store => store.ConnectionString = settings.ControlStore);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Microsoft.Orleans", "Npgsql", "System.Runtime", "DrMesh.*")
            .AddPrometheusExporter());
        builder.Services.AddDns();
        builder.Services.AddDrMeshTraffic();
        MeshWiring.Add(builder, settings);

        var app = builder.Build();
        app.UseRouting();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapHealth();
        app.MapTraffic();
        _ = app.Services.GetRequiredService<MeshInstruments>();
        return app;
    }
}
