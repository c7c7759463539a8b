using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrMesh.Lab.Demo;

/// <summary>Draws what a terminal would show as an SVG of text: small, readable as it is, the same for the same content.</summary>
internal static class SvgPicture
{
    private const int Columns = 118;
    private const double CellWidth = 8.4;
    private const int LineHeight = 19;
    private const int Border = 16;
    private const string Ground = "#14181f";
    private const string Plain = "#d7dce3";

    /// <summary>The picture of <paramref name="content"/>, at most 118 columns wide.</summary>
    public static string Draw(IRenderable content)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor });
        console.Profile.Width = Columns;
        var lines = Segment.SplitLines(content.GetSegments(console));
        var width = (Columns * CellWidth) + (2 * Border);
        var height = (lines.Count * LineHeight) + (2 * Border);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height}\" font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"14\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width:0}\" height=\"{height}\" rx=\"8\" fill=\"{Ground}\"/>\n");
        for (var number = 0; number < lines.Count; number++)
        {
            Line(svg, lines[number], Border + (number * LineHeight) + 14);
        }

        return svg.Append("</svg>\n").ToString();
    }

    // A run of cells is stretched to its width, so that columns stand right whatever font the reader has.
    private static void Line(StringBuilder svg, SegmentLine line, int y)
    {
        var column = 0;
        foreach (var segment in line)
        {
            var text = segment.Text.TrimEnd();
            if (text.Length > 0)
            {
                var indent = text.Length - text.TrimStart().Length;
                var shown = text.TrimStart();
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<text x=\"{Border + ((column + indent) * CellWidth):0.#}\" y=\"{y}\" textLength=\"{shown.Length * CellWidth:0.#}\" fill=\"{ColorOf(segment.Style)}\"{Weight(segment.Style)} xml:space=\"preserve\">{new XText(shown)}</text>\n");
            }

            column += segment.CellCount();
        }
    }

    private static string ColorOf(Style style) =>
        style.Decoration.HasFlag(Decoration.Dim) ? "#7d8794"
        : style.Foreground == Color.Default ? Plain
        : style.Foreground == Color.Green ? "#7ec87e"
        : style.Foreground == Color.Red ? "#ff6b6b"
        : style.Foreground == Color.Yellow ? "#e8c36a"
        : style.Foreground == Color.Blue ? "#79b8ff"
        : $"#{style.Foreground.ToHex()}";

    private static string Weight(Style style) => style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : "";
}
