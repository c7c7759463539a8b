using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Checks;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Reading;

/// <summary>Reads and checks an estate file: every error at once, each with its line, column, key and what was expected.</summary>
public static class EstateReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the bytes of a file.</summary>
    public static EstateReading Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > EstateLimits.MaxBytes)
        {
            return TooLarge(bytes.Length);
        }

        try
        {
            return Read(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Refused(default, "this is not a text file: it is not UTF-8");
        }
    }

    /// <summary>Reads a text.</summary>
    public static EstateReading Read(string text) => Read(text, isStored: false);

    /// <summary>
    /// Reads an estate that was checked when it was applied. What must hold between its values is not asked again, so that a later release with
    /// stricter rules still reads what an earlier one accepted.
    /// </summary>
    public static EstateReading ReadStored(string canonical) => Read(canonical, isStored: true);

    private static EstateReading Read(string text, bool isStored)
    {
        // What is stored has every default written out and may be larger than the file was.
        if (!isStored && Encoding.UTF8.GetByteCount(text) is var size and > EstateLimits.MaxBytes)
        {
            return TooLarge(size);
        }

        if (text.Contains('\0'))
        {
            return Refused(default, "this is not a text file: it has zero bytes");
        }

        YamlNode? root;
        try
        {
            root = YamlComposer.Compose(text.TrimStart('\uFEFF'), isStored ? int.MaxValue : EstateLimits.MaxValues);
        }
        catch (YamlProblem problem)
        {
            return Refused(problem.Position, problem.Message);
        }

        if (root is null or YamlScalar { IsNull: true })
        {
            return Refused(default, "the file is empty; expected an estate, which begins with regions");
        }

        var findings = new Findings();
        var estate = new EstateBinder(findings).Bind(root);
        if (!isStored)
        {
            EstateChecks.Run(estate, findings);
        }

        var all = findings.Sorted().ToImmutableArray();
        return new EstateReading(all.Any(finding => finding.Severity == FindingSeverity.Error) ? null : estate, Limit(all));
    }

    /// <summary>What is said of a file that is too large to be read at all.</summary>
    /// <param name="bytes">Its size.</param>
    public static EstateReading TooLarge(long bytes) => Refused(
        default,
        string.Create(CultureInfo.InvariantCulture, $"the file has {bytes / 1048576.0:0.0} MB; an estate may have at most {EstateLimits.MaxBytes >> 20} MB"));

    private static EstateReading Refused(YamlPosition position, string message) => new(
        null,
        [new EstateFinding { Severity = FindingSeverity.Error, Line = position.Line, Column = position.Column, Path = "", Message = message }]);

    // Errors come before warnings when not all are shown, for they must be mended first.
    private static ImmutableArray<EstateFinding> Limit(ImmutableArray<EstateFinding> all)
    {
        if (all.Length <= EstateLimits.MaxFindings)
        {
            return all;
        }

        var shown = all.OrderBy(finding => finding.Severity).Take(EstateLimits.MaxFindings).OrderBy(finding => finding.Line).ThenBy(finding => finding.Column);
        return [.. shown, new EstateFinding
        {
            Severity = all.Min(finding => finding.Severity),
            Line = 0,
            Column = 0,
            Path = "",
            Message = $"{all.Length - EstateLimits.MaxFindings} more are not shown; mend these first",
        }];
    }
}
