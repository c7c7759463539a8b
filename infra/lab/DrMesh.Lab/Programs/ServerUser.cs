using DrMesh.Engines.PostgreSql.Hosting;
using DrMesh.Engines.Processes;

namespace DrMesh.Lab.Programs;

/// <summary>The unprivileged user that database and name servers run as when this process is root; else the own user.</summary>
internal sealed class ServerUser(PostgresInstall install)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Its name.</summary>
    public string Name => install.User;

    /// <summary>Makes a folder that only this user (and root) can enter.</summary>
    public async Task MakeFolderAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        await GiveAsync(path, cancellationToken);
    }

    /// <summary>Writes a file that only this user (and root) can read.</summary>
    public async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        await WritePrivateAsync(path, text, cancellationToken);
        await GiveAsync(path, cancellationToken);
    }

    /// <summary>Writes a file that only the caller can read.</summary>
    public static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    private async Task GiveAsync(string path, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            var given = await ToolProcess.RunAsync(new ToolCommand { Program = "chown", Arguments = [$"{Name}:", path] }, cancellationToken);
            given.EnsureSuccess($"the lab's servers run as {Name}, who must exist");
        }
    }
}
