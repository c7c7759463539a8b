using System.Collections.Immutable;
using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Reading;

/// <summary>What reading a file gave.</summary>
/// <param name="Document">The estate; null when the file has an error.</param>
/// <param name="Findings">Errors and warnings, by line.</param>
public sealed record EstateReading(EstateDocument? Document, ImmutableArray<EstateFinding> Findings)
{
    /// <summary>The errors alone.</summary>
    public IEnumerable<EstateFinding> Errors => Findings.Where(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The warnings alone.</summary>
    public IEnumerable<EstateFinding> Warnings => Findings.Where(finding => finding.Severity == FindingSeverity.Warning);
}
