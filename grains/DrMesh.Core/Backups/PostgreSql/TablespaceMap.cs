using System.Globalization;
using System.Text;

namespace DrMesh.Core.Backups.PostgreSql;

/// <summary>One tablespace outside the data directory.</summary>
/// <param name="Oid">Its object identifier, the link's name under <c>pg_tblspc</c>.</param>
/// <param name="Location">The directory the link points to, absolute.</param>
public sealed record TablespaceEntry(uint Oid, string Location);

/// <summary>
/// The content of <c>tablespace_map</c>: one line a tablespace, <c>oid location</c>; newlines, carriage returns and backslashes in the location are escaped by a
/// backslash. Source: <c>do_pg_backup_start</c> and <c>read_tablespace_map</c> of the server.
/// </summary>
public static class TablespaceMap
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "tablespace_map";

    /// <summary>Reads the file; an empty text means there is no tablespace outside the data directory.</summary>
    /// <exception cref="FormatException">A line is not an oid and a location.</exception>
    public static IReadOnlyList<TablespaceEntry> Parse(string content)
    {
        var entries = new List<TablespaceEntry>();
        var line = new StringBuilder();
        var escaped = false;
        foreach (var character in content)
        {
            if (escaped)
            {
                line.Append(character);
                escaped = false;
            }
            else if (character == '\\')
            {
                escaped = true;
            }
            else if (character is '\n' or '\r')
            {
                AddLine(entries, line);
            }
            else
            {
                line.Append(character);
            }
        }

        AddLine(entries, line);
        return entries;
    }

    /// <summary>Writes the file.</summary>
    public static string Format(IEnumerable<TablespaceEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            text.Append(entry.Oid).Append(' ');
            foreach (var character in entry.Location)
            {
                if (character is '\n' or '\r' or '\\')
                {
                    text.Append('\\');
                }

                text.Append(character);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static void AddLine(List<TablespaceEntry> entries, StringBuilder line)
    {
        if (line.Length == 0)
        {
            return;
        }

        var parts = line.ToString().Split(' ', 2);
        line.Clear();
        if (parts.Length != 2 || parts[1].Length == 0 || !uint.TryParse(parts[0], CultureInfo.InvariantCulture, out var oid))
        {
            throw new FormatException($"the tablespace map has a line that is none: '{string.Join(' ', parts)}'");
        }

        entries.Add(new TablespaceEntry(oid, parts[1]));
    }
}
