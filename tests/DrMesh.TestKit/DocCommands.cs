using System.Text;

namespace DrMesh.TestKit;

/// <summary>A command that README or a guide tells a person to type.</summary>
/// <param name="File">The page, relative to the root of the tree.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Words">The words after <c>drmesh</c>, as a shell splits them.</param>
public sealed record DocCommand(string File, int Line, IReadOnlyList<string> Words)
{
    /// <summary>Where it stands, and the command line.</summary>
    public override string ToString() => $"{File}:{Line}: drmesh {string.Join(' ', Words)}";
}

/// <summary>Finds the commands in the fenced blocks of README and the guides.</summary>
public static class DocCommands
{
    /// <summary>All of them, page by page.</summary>
    public static IReadOnlyList<DocCommand> All()
    {
        var root = Root();
        return [.. Pages(root).SelectMany(page => Of(Path.GetRelativePath(root, page), File.ReadAllLines(page)))];
    }

    /// <summary>The commands of the first fenced block under a heading of README.</summary>
    public static IReadOnlyList<DocCommand> Under(string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "README.md"));
        var from = Array.FindIndex(lines, line => line == heading);
        var begin = Array.FindIndex(lines, from, line => line.StartsWith("```", StringComparison.Ordinal));
        var end = Array.FindIndex(lines, begin + 1, line => line.StartsWith("```", StringComparison.Ordinal));
        return [.. Of("README.md", lines).Where(command => command.Line > begin && command.Line <= end)];
    }

    /// <summary>The commands named within the text of the pages, <c>`drmesh backup list`</c>; their arguments are often left out or stand for others.</summary>
    public static IReadOnlyList<DocCommand> Inline()
    {
        var root = Root();
        return
        [
            .. Pages(root).SelectMany(page => File.ReadAllLines(page).SelectMany((line, index) => Spans(line)
                .Select(span => span.StartsWith("./", StringComparison.Ordinal) ? span[2..] : span)
                .Where(span => span.StartsWith("drmesh ", StringComparison.Ordinal))
                .Select(span => new DocCommand(Path.GetRelativePath(root, page), index + 1, Split(span)[1..])))),
        ];
    }

    private static IEnumerable<string> Pages(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "infra", "docs"), "*.md").Order(StringComparer.Ordinal).Prepend(Path.Combine(root, "README.md"));

    private static IEnumerable<string> Spans(string line) => line.Replace("\\|", "|", StringComparison.Ordinal).Split('`').Where((_, number) => number % 2 == 1);

    private static IEnumerable<DocCommand> Of(string file, string[] lines)
    {
        var isFenced = false;
        for (var number = 0; number < lines.Length; number++)
        {
            var line = lines[number].Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (isFenced && (line.StartsWith("drmesh ", StringComparison.Ordinal) || line.StartsWith("./drmesh ", StringComparison.Ordinal)))
            {
                yield return new DocCommand(file, number + 1, Split(line)[1..]);
            }
        }
    }

    // As a shell does: quotes hold words together, # begins a comment. Nothing else of a shell is used in the pages.
    private static string[] Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        foreach (var letter in line.Append(' '))
        {
            if (quote != '\0' ? letter == quote : letter is '\'' or '"')
            {
                quote = quote == '\0' ? letter : '\0';
            }
            else if (quote != '\0' || letter != ' ')
            {
                if (quote == '\0' && letter == '#' && word.Length == 0)
                {
                    break;
                }

                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return [.. words];
    }

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "DrMesh.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("DrMesh.sln is in no parent directory of the tests");
        }

        return root.FullName;
    }
}
