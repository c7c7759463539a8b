namespace DrMesh.Client;

/// <summary>
/// Where DrMesh keeps what belongs to this machine: the client file, the local control store, a local mesh. <c>DRMESH_STATE</c>, else
/// <c>/var/lib/drmesh</c> for root, else <c>drmesh</c> under <c>XDG_STATE_HOME</c> or <c>~/.local/state</c>.
/// </summary>
public static class StateFolder
{
    /// <summary>The folder's absolute path, as this process's environment says; it may not exist yet.</summary>
    public static string Path => Of(Environment.GetEnvironmentVariable);

    /// <summary>The folder's absolute path.</summary>
    /// <param name="environment">Reads a variable.</param>
    internal static string Of(Func<string, string?> environment)
    {
        if (Variable("DRMESH_STATE") is { } given)
        {
            return System.IO.Path.GetFullPath(given);
        }

        if (Environment.IsPrivilegedProcess)
        {
            return "/var/lib/drmesh";
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return System.IO.Path.Combine(Variable("XDG_STATE_HOME") ?? System.IO.Path.Combine(home, ".local", "state"), "drmesh");

        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }
}
