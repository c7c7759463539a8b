using DrMesh.Contracts.Errors;

namespace DrMesh.Client.Connecting;

/// <summary>
/// Finds out how a command reaches the mesh: what was given on its command line, else the environment (<c>DRMESH_GATEWAYS</c>,
/// <c>DRMESH_STORE</c>, <c>DRMESH_CLUSTER</c>, <c>DRMESH_TOKEN_FILE</c>), else the client file of the state folder. The three are not mixed, but
/// for <c>DRMESH_TOKEN_FILE</c>, which counts everywhere: a token is presented only to the mesh it was given for.
/// </summary>
public static class ConnectionSource
{
    /// <summary>The options a command connects with.</summary>
    /// <param name="gateways">What <c>--gateways</c> said: <c>host:port</c>, separated by commas.</param>
    /// <param name="store">What <c>--store</c> said.</param>
    /// <param name="environment">Reads a variable; null: the process's own.</param>
    /// <exception cref="DrMeshException">
    /// <see cref="DrMeshError.MeshUnreachable"/> when nothing says where the mesh is; <see cref="DrMeshError.UsageInvalid"/> when <paramref name="store"/> holds a password.
    /// </exception>
    public static DrMeshClientOptions Find(string? gateways = null, string? store = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        RefusePassword(store);
        var tokenFile = NullIfEmpty(environment("DRMESH_TOKEN_FILE"));
        if (gateways is null && store is null)
        {
            gateways = NullIfEmpty(environment("DRMESH_GATEWAYS"));
            store = NullIfEmpty(environment("DRMESH_STORE"));
        }

        if (gateways is not null || store is not null)
        {
            return new DrMeshClientOptions
            {
                Gateways = gateways is null ? [] : [.. gateways.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                ControlStore = store,
                ClusterId = NullIfEmpty(environment("DRMESH_CLUSTER")) ?? "drmesh",
                TokenFile = tokenFile,
            };
        }

        var file = Path.Combine(StateFolder.Of(environment), ClientFile.Name);
        var found = ClientFile.Read(file) ?? throw new DrMeshException(
            DrMeshError.MeshUnreachable,
            $"nothing says where the mesh is: there is no {file}",
            "start a local one with drmesh mesh up, or give --gateways host:port or --store");
        return tokenFile is null ? found : found with { TokenFile = tokenFile };
    }

    /// <summary>Refuses a connection string of a command line that holds a password: every user of the machine can read it there.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.UsageInvalid"/>.</exception>
    public static void RefusePassword(string? onCommandLine)
    {
        if (onCommandLine is not null && (onCommandLine.Contains("password", StringComparison.OrdinalIgnoreCase) || onCommandLine.Contains("pwd=", StringComparison.OrdinalIgnoreCase)))
        {
            throw new DrMeshException(
                DrMeshError.UsageInvalid,
                "the connection string on the command line holds a password",
                "put it into a pgpass file and name that with Passfile=, or set the string in DRMESH_STORE");
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
