using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Dns;

/// <summary>Reads a secret from the file the estate names.</summary>
internal static class Secret
{
    /// <summary>The secret, without the line break an editor leaves at the end.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.DnsProviderUnusable"/> when the file cannot be read or is empty.</exception>
    public static string Read(string provider, string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } secret ? secret : throw Unusable(provider, $"{file} is empty", file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unusable(provider, unreadable.Message, file);
        }
    }

    private static DrMeshException Unusable(string provider, string words, string file) => new(
        DrMeshError.DnsProviderUnusable,
        $"the secret of DNS provider {provider} cannot be read on {Environment.MachineName}: {words}",
        $"put it into {file} on every machine that runs a silo, readable by the silo's user only");
}
