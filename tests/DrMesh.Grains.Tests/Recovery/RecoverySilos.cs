using DrMesh.Contracts.Databases;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;
using DrMesh.Core.Traffic;
using DrMesh.Grains.Agents;
using DrMesh.Grains.Databases;
using DrMesh.Grains.Estate;
using DrMesh.Grains.Placement;
using DrMesh.Grains.Recovery.Detection;
using DrMesh.Grains.Recovery.Steps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace DrMesh.Grains.Tests.Recovery;

/// <summary>
/// Wires silos as the silo program does, over <see cref="FakeDatabases"/>. Every silo stands for the region the cluster moves to, and agents live in whichever there is: it is the
/// coordinating silo that dies in these tests, not a machine. What watches between sessions is left out, so that all that happens is the session's.
/// </summary>
internal sealed class RecoverySilos(FakeDatabases databases, FakeHooks hooks, string region)
{
    public void Wire(ISiloBuilder silo)
    {
        var node = RecoveryEstate.Node(region);
        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = node.ToString());
        silo.Services.AddSingleton<AppliedEstates>(new RecoveryEstate());
        silo.Services.AddSingleton<SiloNodes>();
        silo.Services.AddPlacementFilter<NodePlacementStrategy, Anywhere>(ServiceLifetime.Singleton);
        silo.Services.AddSingleton<IClusterRecords>(databases);
        silo.Services.AddSingleton<INodeAgentFactory>(new FakeNodeAgent.Factory(databases));
        silo.Services.AddSingleton<IHookRunner>(hooks);
        silo.Services.AddDrMeshDatabases();
        silo.Services.AddDrMeshRecovery();
        silo.Services.AddHostedService(provider => new Sightings(databases, provider.GetRequiredService<MemberBoard>()));
        foreach (var watcher in silo.Services.Where(Watches).ToArray())
        {
            silo.Services.Remove(watcher);
        }

        silo.Services.Remove(silo.Services.First(service => service.ImplementationType == typeof(SwitchServiceStep)));
        silo.Services.AddSingleton<IStepRunner<RecoveryPlan>>(new FakeSwitch(databases));
    }

    // The observer is registered by a factory.
    private static bool Watches(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType == typeof(MemberPolling) || service.ImplementationType == typeof(AutomaticFailover) || service.ImplementationFactory?.Method.ReturnType == typeof(PrimaryObserver));

    /// <summary>A node's grain lives in any silo there is.</summary>
    private sealed class Anywhere : IPlacementFilterDirector
    {
        public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) => silos;
    }

    /// <summary>Keeps a silo's board of members fresh.</summary>
    private sealed class Sightings(FakeDatabases databases, MemberBoard board) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            do
            {
                foreach (var name in RecoveryEstate.Names)
                {
                    board.Note(RecoveryEstate.Cluster, name, Look(name));
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }

        private AgentAnswer<MemberStatus> Look(string name)
        {
            try
            {
                return new AgentAnswer<MemberStatus>(databases.Status(name), null);
            }
            catch (Exception silent)
            {
                return new AgentAnswer<MemberStatus>(null, silent.Message);
            }
        }
    }
}
