using DrMesh.Grains.ControlStore;
using DrMesh.Silo.Settings;
using Orleans.Configuration;
using Orleans.Storage;

namespace DrMesh.Silo.Wiring;

/// <summary>Makes the process a silo of the mesh.</summary>
internal static class MeshWiring
{
    private const string Invariant = "Npgsql";

    /// <summary>Adds Orleans with its three providers on the control store, and everything DrMesh puts on top of it.</summary>
    public static void Add(WebApplicationBuilder builder, SiloSettings settings) => builder.UseOrleans(silo =>
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = settings.ClusterId;
            cluster.ServiceId = "drmesh";
        });
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = settings.Address;
            endpoints.SiloPort = settings.SiloPort;
            endpoints.GatewayPort = settings.GatewayPort;
        });
        silo.Configure<ClusterMembershipOptions>(membership => Liveness.Configure(membership, settings.Liveness));
        silo.Configure<ConnectionOptions>(connection => connection.OpenConnectionTimeout = settings.Liveness.ProbeTimeout * 2);
        silo.UseAdoNetClustering(options => options.Configure<ControlStoreDatabase>((clustering, store) =>
        {
            clustering.Invariant = Invariant;
            clustering.DataSource = store.Primary;
        }));
        silo.UseAdoNetReminderService(options => options.Configure<ControlStoreDatabase>((reminders, store) =>
        {
            reminders.Invariant = Invariant;
            reminders.DataSource = store.Primary;
        }));
        silo.Services.AddSingleton<IGrainStorageSerializer, StateSerializer>();
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<IGrainStorageSerializer, ControlStoreDatabase>((storage, serializer, store) =>
        {
            storage.Invariant = Invariant;
            storage.DataSource = store.Primary;
            storage.GrainStorageSerializer = serializer;
        }));
        silo.AddDrMeshErrors();
        silo.AddDrMeshPlacement(settings.Node);
        silo.AddDrMeshRefusalAudit();
        silo.AddDrMeshAccess(settings.Access);
        silo.AddDrMeshAudit();
        silo.Services.AddDrMeshSessions();
        silo.AddDrMeshEstate();
        EngineWiring.Add(silo.Services);
        silo.AddDrMeshRegions(settings.Node, settings.Role, settings.ClusterId);
    });
}
