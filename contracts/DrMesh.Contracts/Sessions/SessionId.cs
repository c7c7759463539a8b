namespace DrMesh.Contracts.Sessions;

/// <summary>
/// A session's name: <c>kind-YYYYMMDD-hhmmss-xxxx</c>, for example <c>failover-20261124-063900-7f3a</c>. The part before the first dash is the
/// session's kind, so that the id alone leads to its grain (<see cref="SessionGrains.GetSession"/>).
/// </summary>
[GenerateSerializer, Immutable, Alias("drmesh.session-id")]
public readonly record struct SessionId([property: Id(0)] string Value)
{
    /// <summary>The kind the id begins with; empty when it has none.</summary>
    public string Kind => Value.IndexOf('-', StringComparison.Ordinal) is var dash and > 0 ? Value[..dash] : "";

    /// <summary>Makes an id.</summary>
    /// <param name="kind">Lower-case letters only; see <see cref="SessionKinds"/>.</param>
    /// <param name="at">When the session begins; shown in UTC.</param>
    /// <param name="salt">Distinguishes sessions of one second; its last 16 bits are shown in hexadecimal.</param>
    public static SessionId Create(string kind, DateTimeOffset at, int salt) =>
        new($"{kind}-{at.UtcDateTime:yyyyMMdd-HHmmss}-{salt & 0xffff:x4}");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
