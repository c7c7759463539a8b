using System.Globalization;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Processes;

namespace DrMesh.Engines.PostgreSql.Hosting;

/// <summary>
/// A server that a systemd unit runs. The unit's own way to stop it may be a slow one, so the stop is asked of systemd, which then does not start the server again, and the signal that says how
/// is sent to the server itself. Sources: systemctl(1), "stop" and "kill"; the PostgreSQL manual, "Shutting Down the Server".
/// </summary>
/// <param name="instance">The server's data directory.</param>
/// <param name="unit">The unit, such as <c>postgresql@15-main.service</c>.</param>
/// <param name="time">The clock of its patience.</param>
public sealed class SystemdHost(PostgresInstance instance, string unit, TimeProvider time) : IDatabaseHost
{
    private const string Systemctl = "systemctl";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public bool IsRunning => instance.ReadPostmasterPid() is not null;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunAsync(["start", unit], cancellationToken);
        await UntilAsync(() => instance.HasStarted, "does not answer", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync(ShutdownMode mode, CancellationToken cancellationToken)
    {
        if (!IsRunning)
        {
            // One that crashed a moment ago may be about to be started again.
            await RunAsync(["stop", unit], cancellationToken);
            return;
        }

        await RunAsync(["stop", "--no-block", unit], cancellationToken);
        await RunAsync(["kill", "--kill-whom=main", $"--signal={(mode == ShutdownMode.Immediate ? "SIGQUIT" : "SIGINT")}", unit], cancellationToken);
        await UntilAsync(() => !IsRunning, "still runs", cancellationToken);
    }

    private async Task UntilAsync(Func<bool> holds, string otherwise, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (!holds())
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerUnwilling, string.Create(CultureInfo.InvariantCulture, $"the server of unit {unit} {otherwise} after {Patience.TotalSeconds:0} s"),
                    $"see journalctl -u {unit}; the unit must run the server on {instance.DataDirectory}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await ToolProcess.RunAsync(new ToolCommand { Program = Systemctl, Arguments = ["--no-ask-password", .. arguments] }, cancellationToken);
        result.EnsureSuccess("the silo's user must be allowed to start and stop the unit: run the silo as root, or give it a polkit rule for org.freedesktop.systemd1.manage-units");
    }
}
