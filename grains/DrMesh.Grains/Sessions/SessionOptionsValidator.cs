using Microsoft.Extensions.Options;

namespace DrMesh.Grains.Sessions;

internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        if (options.HeartbeatEvery < TimeSpan.FromMilliseconds(50))
        {
            return ValidateOptionsResult.Fail($"sessions.heartbeatEvery is {options.HeartbeatEvery}; it must be 50 ms or more");
        }

        return options.StaleAfter < 2 * options.HeartbeatEvery
            ? ValidateOptionsResult.Fail($"sessions.staleAfter is {options.StaleAfter}; it must be at least twice heartbeatEvery ({options.HeartbeatEvery})")
            : ValidateOptionsResult.Success;
    }
}
