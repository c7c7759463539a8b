using Microsoft.Extensions.Options;

namespace DrMesh.Engines.Dns;

internal sealed class DnsOptionsValidator : IValidateOptions<DnsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DnsOptions options)
    {
        List<string> faults =
        [
            .. Fault("callTimeout", options.CallTimeout, TimeSpan.FromMinutes(1)),
            .. Fault("confirmWithin", options.ConfirmWithin, TimeSpan.FromHours(1)),
            .. Fault("confirmEvery", options.ConfirmEvery, options.ConfirmWithin),
            .. Fault("queryTimeout", options.QueryTimeout, TimeSpan.FromMinutes(1)),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Fault(string key, TimeSpan value, TimeSpan atMost) =>
        value > TimeSpan.Zero && value <= atMost ? [] : [$"dns.{key} is {value}; it must be above 0 and at most {atMost}"];
}
