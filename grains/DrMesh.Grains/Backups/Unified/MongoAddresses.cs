using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Backups.MongoDb;
using DrMesh.Core.Estate;

namespace DrMesh.Grains.Backups.Unified;

/// <summary>From a replica set of the estate to its connection string. The password is read from its file at each use, so that a changed one counts at once.</summary>
internal static class MongoAddresses
{
    /// <summary>The address of a set.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.ConfigurationInvalid"/>: the password file cannot be read.</exception>
    public static async Task<MongoAddress> MongoAsync(this EstateDocument estate, MongoDbCluster set, CancellationToken cancellationToken)
    {
        var hosts = string.Join(',', set.Members.Select(member => estate.HostAndPort(member.Node, member.Port)));
        var login = set.ControlUser is { } user ? $"{Uri.EscapeDataString(user.Name)}{await PasswordAsync(set, user, cancellationToken)}@" : "";
        // An election takes up to 12 s; who waits twice as long for a set that is gone holds a session up.
        var options = new List<string> { $"replicaSet={Uri.EscapeDataString(set.ReplicaSet)}", "serverSelectionTimeoutMS=15000" };
        if (login.Length > 0)
        {
            options.Add($"authSource={Uri.EscapeDataString(set.AuthenticationDatabase)}");
        }

        options.Add(set.Tls == TlsMode.Disable ? "tls=false" : "tls=true");
        if (set.Tls == TlsMode.Require)
        {
            options.Add("tlsInsecure=true");
        }
        else if (set.Tls == TlsMode.VerifyCa)
        {
            options.Add("tlsAllowInvalidHostnames=true");
        }

        return new MongoAddress($"mongodb://{login}{hosts}/?{string.Join('&', options)}");
    }

    private static async Task<string> PasswordAsync(MongoDbCluster set, DatabaseUser user, CancellationToken cancellationToken)
    {
        if (user.PasswordFile is not { } file)
        {
            return "";
        }

        try
        {
            return $":{Uri.EscapeDataString((await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'))}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.ConfigurationInvalid, $"the password file of {set.Name} cannot be read: {unreadable.Message}", $"put the password into {file} on this machine, readable by the silo's user", unreadable);
        }
    }
}
