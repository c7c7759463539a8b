namespace DrMesh.Core.Traffic;

/// <summary>Asks authoritative servers directly, past every cache.</summary>
public interface IAuthoritativeVerifier
{
    /// <summary>Asks each server once.</summary>
    Task<AnswerAgreement> AskAsync(ExpectedAnswer expected, IReadOnlyList<AuthoritativeServer> servers, CancellationToken cancellationToken);

    /// <summary>
    /// Asks until all agree, or <paramref name="within"/> is over; then the agreement says who does not, and what it answers. Each server that comes to agree is reported once.
    /// </summary>
    Task<AnswerAgreement> WaitAsync(
        ExpectedAnswer expected,
        IReadOnlyList<AuthoritativeServer> servers,
        TimeSpan within,
        Action<ServerAnswer>? onAgreed,
        CancellationToken cancellationToken);
}
