namespace DrMesh.Silo.Wiring;

/// <summary>Logs go to standard output, one line each; under systemd the journal adds the time.</summary>
internal static class SiloLogging
{
    /// <summary>Adds the console; DrMesh speaks from <paramref name="level"/> on, the libraries from warnings on.</summary>
    public static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        if (Microsoft.Extensions.Hosting.Systemd.SystemdHelpers.IsSystemdService())
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }

        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("DrMesh", level);
        // It recommends the server garbage collector, which takes memory for threads a control plane does not need.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // Who is suspected and declared dead belongs into the log of every incident.
        logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.Information);
        logging.AddFilter("Orleans.Runtime.MembershipService.SiloHealthMonitor", LogLevel.Warning);
    }
}
