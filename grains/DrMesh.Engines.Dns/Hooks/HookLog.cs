using Microsoft.Extensions.Logging;

namespace DrMesh.Engines.Dns.Hooks;

internal static partial class HookLog
{
    [LoggerMessage(EventId = 9030, Level = LogLevel.Information, Message = "Hook {Hook} done for {Call} at try {Attempt}: {Words}")]
    public static partial void HookDone(this ILogger logger, string hook, string call, int attempt, string words);

    [LoggerMessage(EventId = 9031, Level = LogLevel.Warning, Message = "Hook {Hook} failed for {Call} at try {Attempt}: {Words}")]
    public static partial void HookTryFailed(this ILogger logger, string hook, string call, int attempt, string words);
}
