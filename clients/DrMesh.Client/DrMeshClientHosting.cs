using System.Net;
using DrMesh.Client.Access;
using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace DrMesh.Client;

/// <summary>Makes a program a client of the mesh.</summary>
public static class DrMeshClientHosting
{
    /// <summary>
    /// Adds an Orleans client that connects when the host starts; take <see cref="IClusterClient"/> or <see cref="IGrainFactory"/> from the
    /// services. The start fails with <see cref="DrMeshError.MeshUnreachable"/> when no silo answers within
    /// <see cref="DrMeshClientOptions.ConnectTimeout"/>.
    /// </summary>
    /// <exception cref="DrMeshException">The options are not usable, or the token file cannot be read.</exception>
    public static IServiceCollection AddDrMeshClient(this IServiceCollection services, DrMeshClientOptions options)
    {
        DrMeshClientOptionsValidator.Validate(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(AccessToken.Read(options.TokenFile));
        services.AddSingleton<ConnectRetry>();
        services.AddSingleton<IClientConnectionRetryFilter>(provider => provider.GetRequiredService<ConnectRetry>());
        services.AddOrleansClient(client => Configure(client, options));
        return services;
    }

    private static void Configure(IClientBuilder client, DrMeshClientOptions options)
    {
        client.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.ClusterId;
            cluster.ServiceId = "drmesh";
        });
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.CallTimeout);
        client.Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
        // A gateway found dead is left alone for three of these periods; a silo that comes back should be used soon.
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        client.AddOutgoingGrainCallFilter<TokenFilter>();
        client.AddOutgoingGrainCallFilter<FaultFilter>();
        if (options.Gateways.IsDefaultOrEmpty)
        {
            client.UseAdoNetClustering(store =>
            {
                store.Invariant = "Npgsql";
                store.ConnectionString = options.ControlStore;
            });
        }
        else
        {
            client.UseStaticClustering([.. options.Gateways.SelectMany(Resolve)]);
        }
    }

    private static IEnumerable<IPEndPoint> Resolve(string gateway)
    {
        var colon = gateway.LastIndexOf(':');
        var host = gateway[..colon].Trim('[', ']');
        var port = int.Parse(gateway.AsSpan(colon + 1), provider: null);
        return IPAddress.TryParse(host, out var address)
            ? [new IPEndPoint(address, port)]
            : Lookup(host, gateway).Select(found => new IPEndPoint(found, port));
    }

    private static IPAddress[] Lookup(string host, string gateway)
    {
        try
        {
            return Dns.GetHostAddresses(host);
        }
        catch (System.Net.Sockets.SocketException unknown)
        {
            throw new DrMeshException(
                DrMeshError.MeshUnreachable, $"gateway {gateway}: {unknown.Message}", "give the silo's address, or correct its name in DNS", unknown);
        }
    }
}
