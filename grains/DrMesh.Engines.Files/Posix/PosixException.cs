using System.Runtime.InteropServices;

namespace DrMesh.Engines.Files.Posix;

/// <summary>A system call failed; the message is the system's own words. Never leaves the engine.</summary>
internal sealed class PosixException(int errno) : Exception(Marshal.GetPInvokeErrorMessage(errno))
{
    public int Errno { get; } = errno;

    public static PosixException Last() => new(Marshal.GetLastPInvokeError());
}
