namespace DrMesh.Lab.Namespaces;

/// <summary>Asks an address that may not be there.</summary>
internal static class HttpProbe
{
    /// <summary>Whether it answers with success; silence and refusal are no.</summary>
    public static async Task<bool> IsSuccessAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
