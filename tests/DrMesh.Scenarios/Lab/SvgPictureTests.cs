using System.Xml.Linq;
using DrMesh.Lab.Demo;
using Spectre.Console;

namespace DrMesh.Scenarios.Lab;

/// <summary>A picture of a terminal is text in its place and colour.</summary>
public sealed class SvgPictureTests
{
    [Fact]
    public void Draw_TwoLines_EachRunStandsInItsColumnAndColour()
    {
        var picture = SvgPicture.Draw(new Rows(new Markup("plain [green]good & <well>[/]"), new Markup("  [bold]below[/]")));

        XNamespace svg = "http://www.w3.org/2000/svg";
        XDocument.Parse(picture).Root!.Elements(svg + "text").Select(text => (text.Value, (string)text.Attribute("x")!, (string)text.Attribute("y")!, (string)text.Attribute("fill")!)).ShouldBe(
        [
            ("plain", "16", "30", "#d7dce3"),
            ("good & <well>", "66.4", "30", "#7ec87e"),
            ("below", "32.8", "49", "#d7dce3"),
        ]);
        SvgPicture.Draw(new Text("same")).ShouldBe(SvgPicture.Draw(new Text("same")));
    }
}
