using DrMesh.Contracts.Traffic;
using DrMesh.Grains.Regions;
using DrMesh.Grains.Traffic;

namespace DrMesh.Silo.Endpoints;

/// <summary>
/// <c>/traffic/SERVICE</c>, which a DNS provider's health checks ask in mode health: 200 when the service's traffic goes to this silo's region, else
/// 503; the body says why in one sentence. 404: the estate has no such service.
/// </summary>
internal static class TrafficEndpoints
{
    private const int LongestName = 63;

    /// <summary>Adds it.</summary>
    public static void MapTraffic(this WebApplication app) => app.MapMethods("/traffic/{service}", [HttpMethods.Get, HttpMethods.Head], Answer);

    private static async Task<IResult> Answer(string service, TrafficHealth health, SiloIdentity identity, CancellationToken cancellationToken)
    {
        // Anyone can ask: what cannot be a service's name is not worth a look into the estate.
        var isName = service.Length <= LongestName && service.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
        var answer = isName ? await health.AskAsync(new ServiceId(service), identity.Node.Region, cancellationToken) : null;
        return answer is null
            ? TypedResults.Text("no such service\n", statusCode: StatusCodes.Status404NotFound)
            : TypedResults.Text(answer.Reason + "\n", statusCode: answer.IsServing ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
