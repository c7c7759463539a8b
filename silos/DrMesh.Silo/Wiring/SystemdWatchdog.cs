using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace DrMesh.Silo.Wiring;

/// <summary>
/// Tells systemd twice per <c>WatchdogSec</c> that the process is alive. It needs the thread pool and the timers to do so: a process in which
/// those no longer turn is restarted. Source: sd_watchdog_enabled(3).
/// </summary>
internal sealed class SystemdWatchdog(TimeProvider time) : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    // The host offers its notifier only to a process that systemd started; this one is silent without a socket.
    private readonly SystemdNotifier _systemd = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var asked = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        if (!_systemd.IsEnabled || !long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds) / 2, time);
        do
        {
            _systemd.Notify(Alive);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
