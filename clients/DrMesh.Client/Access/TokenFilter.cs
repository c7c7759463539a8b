using DrMesh.Contracts.Access;

namespace DrMesh.Client.Access;

/// <summary>Presents the access token with each call.</summary>
internal sealed class TokenFilter(AccessToken token) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (token.Value is { } value)
        {
            RequestContext.Set(AccessHeaders.Token, value);
        }

        return context.Invoke();
    }
}
