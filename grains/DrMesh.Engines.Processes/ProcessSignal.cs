using System.Runtime.InteropServices;

namespace DrMesh.Engines.Processes;

/// <summary>Signals to processes by id; the numbers are Linux's, see signal(7).</summary>
public static class ProcessSignal
{
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Terminate = 15;
    private const int Stop = 19;

    /// <summary>Asks the process to end in an orderly way; false when there is none.</summary>
    public static bool SendTerminate(int pid) => Send(pid, Terminate);

    /// <summary>Asks the process to stop what it does (PostgreSQL: a fast shutdown); false when there is none.</summary>
    public static bool SendInterrupt(int pid) => Send(pid, Interrupt);

    /// <summary>Asks the process to end at once, in its own way (PostgreSQL: an immediate shutdown); false when there is none.</summary>
    public static bool SendQuit(int pid) => Send(pid, Quit);

    /// <summary>Ends the process at once; false when there is none.</summary>
    public static bool SendKill(int pid) => Send(pid, Kill);

    /// <summary>Freezes the process; false when there is none.</summary>
    public static bool SendStop(int pid) => Send(pid, Stop);

    /// <summary>Lets a frozen process go on; false when there is none.</summary>
    public static bool SendContinue(int pid) => Send(pid, Continue);

    // Ids below 1 name groups of processes; none is ever meant.
    private static bool Send(int pid, int signal) => pid > 1 && kill(pid, signal) == 0;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
