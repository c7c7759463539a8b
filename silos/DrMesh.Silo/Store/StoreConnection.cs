using DrMesh.Client.Connecting;
using DrMesh.Contracts.Errors;
using DrMesh.Grains.ControlStore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DrMesh.Silo.Store;

/// <summary>Which store a command is for.</summary>
internal static class StoreConnection
{
    /// <summary>The connection string given on the command line or in <c>DRMESH_STORE</c>; null: neither.</summary>
    /// <exception cref="DrMeshException">The one on the command line holds a password.</exception>
    public static string? Given(string? option)
    {
        if (string.IsNullOrEmpty(option))
        {
            return Environment.GetEnvironmentVariable("DRMESH_STORE") is { Length: > 0 } variable ? variable : null;
        }

        ConnectionSource.RefusePassword(option);
        return option;
    }

    /// <summary>Opens the store at <paramref name="connectionString"/>.</summary>
    /// <exception cref="DrMeshException">The string is not usable.</exception>
    public static ControlStoreDatabase Open(string connectionString)
    {
        var options = new ControlStoreOptions { ConnectionString = connectionString };
        var validation = new ControlStoreOptionsValidator().Validate(null, options);
        return validation.Failed
            ? throw new DrMeshException(DrMeshError.ConfigurationInvalid, validation.FailureMessage, "correct --connection or DRMESH_STORE")
            : new ControlStoreDatabase(Options.Create(options), NullLogger<ControlStoreDatabase>.Instance);
    }
}
