using DrMesh.Contracts.Access;

namespace DrMesh.Grains.Access;

/// <summary>Whom the call being served is made for, as the access filter established it. It follows the call from grain to grain and from silo to silo.</summary>
/// <param name="Name">The token's holder.</param>
/// <param name="Role">The holder's role.</param>
public sealed record Caller(string Name, AccessRole Role)
{
    private const string Key = "drmesh.caller";

    /// <summary>The caller; null while the mesh works of its own accord (a reminder, a supervisor).</summary>
    public static Caller? Current => RequestContext.Get(Key) is string text ? Parse(text) : null;

    /// <summary>Sets the caller for the rest of the current flow.</summary>
    internal static void Set(Caller? caller)
    {
        if (caller is null)
        {
            RequestContext.Remove(Key);
        }
        else
        {
            RequestContext.Set(Key, $"{(int)caller.Role} {caller.Name}");
        }
    }

    private static Caller? Parse(string text) =>
        text.Length > 2 && Enum.IsDefined((AccessRole)(text[0] - '0')) ? new Caller(text[2..], (AccessRole)(text[0] - '0')) : null;
}
