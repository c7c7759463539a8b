using Spectre.Console;

namespace DrMesh.Console.Output;

/// <summary>The one look of every table: no frame, column names in capitals, one row a thing.</summary>
internal static class Tables
{
    /// <summary>A table with the given columns.</summary>
    public static Table Create(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Dim))) { Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    /// <summary>Adds a row of plain texts; a cell's colour comes from <see cref="Good"/> and its kin.</summary>
    public static void Row(this Table table, params Text[] cells) => table.AddRow(cells);

    /// <summary>Text as it is.</summary>
    public static Text Plain(string? text) => new(text ?? "-");

    /// <summary>All is well.</summary>
    public static Text Good(string text) => new(text, new Style(Color.Green));

    /// <summary>Look at this.</summary>
    public static Text Warning(string text) => new(text, new Style(Color.Yellow));

    /// <summary>Act on this.</summary>
    public static Text Bad(string text) => new(text, new Style(Color.Red, decoration: Decoration.Bold));
}
