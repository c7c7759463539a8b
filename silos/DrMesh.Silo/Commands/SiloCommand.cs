using System.CommandLine;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;
using DrMesh.Silo.Settings;
using DrMesh.Silo.Wiring;

namespace DrMesh.Silo.Commands;

/// <summary><c>drmesh silo run --config FILE</c>.</summary>
internal static class SiloCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "The silo's configuration file (YAML)", HelpName = "FILE", Required = true };
        var run = new Command("run", "Run a silo until it is told to stop (SIGTERM): it then hands its grains over and leaves the mesh") { config };
        run.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetRequiredValue(config).FullName, cancellationToken));
        return new Command("silo", "Silos of the mesh") { run };
    }

    private static async Task<int> RunAsync(string file, CancellationToken cancellationToken)
    {
        var settings = SiloSettingsReader.Read(file, Environment.GetEnvironmentVariables());
        await using var app = SiloHost.Build(settings);
        await app.Services.GetRequiredService<ControlStoreSchema>().EnsureCurrentAsync(cancellationToken);
        await app.RunAsync(cancellationToken);
        return ExitCodes.Done;
    }
}
