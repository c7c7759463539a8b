using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using DrMesh.Contracts.Errors;
using DrMesh.Lab.Worlds;
using Microsoft.Win32.SafeHandles;

namespace DrMesh.Lab.Namespaces;

/// <summary>
/// A relay that holds each packet of a line for a while: the kernel hands it packets through a TUN device and takes them back later. It stands in for the kernel's own delay
/// (netem), which not every kernel has. Source: the kernel's Documentation/networking/tuntap.rst.
/// </summary>
internal static class DelayLine
{
    /// <summary>The hidden command that is its own.</summary>
    public const string Command = "delay-line";

    private const uint SetInterface = 0x400454ca;
    private const short TunWithoutHeader = 0x0001 | 0x1000;
    private const int NameLength = 16;
    private const int RequestLength = 40;
    private const int LargestPacket = 65536;

    /// <summary>The device of a region's line, in the hub.</summary>
    public static string DeviceOf(string part) => $"slow-{part}";

    /// <summary>The processes that delay a region.</summary>
    public static IReadOnlyList<int> Find(WorldFolder folder, string part) =>
        [.. WorldProcesses.Find(folder.Path).Where(pid => WorldProcesses.CommandOf(pid).Contains($" {Command} {folder.Path} {part} ", StringComparison.Ordinal))];

    /// <summary>The process's own work; it ends by being killed.</summary>
    public static async Task ServeAsync(string part, TimeSpan delay)
    {
        using var device = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Name(device, DeviceOf(part));
        var held = Channel.CreateBounded<(long Until, byte[] Packet)>(new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropWrite });
        var reading = new Thread(() => Read(device, delay, held.Writer)) { IsBackground = true, Priority = ThreadPriority.Highest };
        reading.Start();
        await foreach (var (until, packet) in held.Reader.ReadAllAsync())
        {
            var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), until);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, TimeProvider.System);
            }

            // A packet the kernel does not take is a lost one; lines lose packets.
            _ = Give(device, packet, (nuint)packet.Length);
        }
    }

    private static void Read(SafeFileHandle device, TimeSpan delay, ChannelWriter<(long Until, byte[] Packet)> held)
    {
        var buffer = new byte[LargestPacket];
        var ticks = (long)(delay.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (true)
        {
            var length = (int)Take(device, buffer, (nuint)buffer.Length);
            if (length > 0)
            {
                held.TryWrite((TimeProvider.System.GetTimestamp() + ticks, buffer[..length]));
            }
            else
            {
                // The device is not up yet.
                Thread.Yield();
            }
        }
    }

    private static void Name(SafeFileHandle device, string name)
    {
        var request = new byte[RequestLength];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), TunWithoutHeader);
        if (Control(device, SetInterface, request) != 0)
        {
            throw new DrMeshException(DrMeshError.ToolFailed, $"TUN device {name}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}", "the lab needs the kernel's tun module and root");
        }
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle device, nuint request, byte[] argument);

    // The runtime's own calls refuse what cannot seek.
    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Take(SafeFileHandle device, byte[] packet, nuint length);

    [DllImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Give(SafeFileHandle device, byte[] packet, nuint length);
}
