using System.Runtime.InteropServices;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.PostgreSql.Restore;

/// <summary>Gives paths to the user a server runs as, when this process is root.</summary>
internal static partial class Ownership
{
    /// <summary>Makes <paramref name="path"/> belong to whoever owns the users' entry of <paramref name="user"/>.</summary>
    public static async Task GiveAsync(string? user, string path, CancellationToken cancellationToken)
    {
        if (user is null || !Environment.IsPrivilegedProcess || user == Environment.UserName)
        {
            return;
        }

        var (owner, group) = await FindAsync(user, cancellationToken);
        if (LChown(path, owner, group) != 0)
        {
            throw new IOException($"{path} cannot be given to {user}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    private static async Task<(uint User, uint Group)> FindAsync(string user, CancellationToken cancellationToken)
    {
        await foreach (var line in File.ReadLinesAsync("/etc/passwd", cancellationToken))
        {
            if (line.Split(':') is [var name, _, var owner, var group, ..] && name == user)
            {
                return (uint.Parse(owner), uint.Parse(group));
            }
        }

        throw new DrMeshException(DrMeshError.ToolMissing, $"this machine has no user {user}", "apt-get install postgresql-common, or create the user");
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint owner, uint group);
}
