using DrMesh.Contracts.Errors;

namespace DrMesh.Client.Access;

/// <summary>The token a client presents with each call; its text is never shown.</summary>
internal sealed class AccessToken
{
    private AccessToken(string? value) => Value = value;

    /// <summary>The secret; null: none is presented.</summary>
    public string? Value { get; }

    /// <summary>Reads the first line of <paramref name="file"/>.</summary>
    /// <exception cref="DrMeshException"><see cref="DrMeshError.NotAuthenticated"/> when the file cannot be read or is empty.</exception>
    public static AccessToken Read(string? file)
    {
        if (file is null)
        {
            return new AccessToken(null);
        }

        try
        {
            var token = File.ReadLines(file).FirstOrDefault()?.Trim();
            return string.IsNullOrEmpty(token)
                ? throw new DrMeshException(DrMeshError.NotAuthenticated, $"token file {file} is empty", "put the access token on its first line")
                : new AccessToken(token);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DrMeshException(
                DrMeshError.NotAuthenticated,
                $"token file {file} cannot be read: {unreadable.Message}",
                "correct DRMESH_TOKEN_FILE or tokenFile in the client file, or the file's mode",
                unreadable);
        }
    }
}
