using System.Globalization;

namespace DrMesh.Engines.PostgreSql.Backup;

/// <summary>What kind of a relation's files one is.</summary>
internal enum RelationFork
{
    /// <summary>The relation's pages.</summary>
    Main,

    /// <summary>Its free space map.</summary>
    FreeSpace,

    /// <summary>Its visibility map.</summary>
    Visibility,

    /// <summary>The empty form an unlogged relation is reset to after a crash.</summary>
    Init,
}

/// <summary>
/// A relation's file by its path in the data directory: <c>base/DB/NODE[_fork][.SEGMENT]</c>, <c>global/NODE…</c>, <c>pg_tblspc/OID/PG_…/DB/NODE…</c>; temporary relations are named
/// <c>tBACKEND_NODE…</c>. Source: the server's <c>relpath.c</c> and "Database File Layout" in the manual.
/// </summary>
/// <param name="Relation">The path without fork and segment; the same for all files of one relation.</param>
/// <param name="Fork">Which fork.</param>
/// <param name="Segment">Which segment, from 0; each but the last is full.</param>
/// <param name="IsTemporary">Whether it belongs to a temporary relation.</param>
internal readonly record struct RelationPath(string Relation, RelationFork Fork, int Segment, bool IsTemporary)
{
    /// <summary>Reads a path relative to the data directory; null when the file belongs to no relation.</summary>
    public static RelationPath? TryParse(string path)
    {
        var parts = path.Split('/');
        var isRelationDirectory = parts is ["global", _] or ["base", _, _] or ["pg_tblspc", _, _, _, _];
        if (!isRelationDirectory || (parts[0] != "global" && !IsNumber(parts[^2])))
        {
            return null;
        }

        ReadOnlySpan<char> name = parts[^1];
        var segment = 0;
        if (name.LastIndexOf('.') is var dot and > 0)
        {
            if (!int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out segment))
            {
                return null;
            }

            name = name[..dot];
        }

        var isTemporary = name[0] == 't';
        if (isTemporary)
        {
            var underscore = name.IndexOf('_');
            if (underscore < 2 || !IsNumber(name[1..underscore]))
            {
                return null;
            }

            name = name[(underscore + 1)..];
        }

        var fork = RelationFork.Main;
        if (name.LastIndexOf('_') is var mark and > 0)
        {
            RelationFork? found = name[(mark + 1)..] switch { "fsm" => RelationFork.FreeSpace, "vm" => RelationFork.Visibility, "init" => RelationFork.Init, _ => null };
            if (found is null)
            {
                return null;
            }

            fork = found.Value;
            name = name[..mark];
        }

        return IsNumber(name) ? new RelationPath($"{path[..(path.LastIndexOf('/') + 1)]}{name}", fork, segment, isTemporary) : null;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
