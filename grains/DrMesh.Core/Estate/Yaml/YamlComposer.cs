using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DrMesh.Core.Estate.Yaml;

/// <summary>
/// Builds a document from the parser's events, so that every value keeps its place and nothing a file asks for (depth, aliases of aliases)
/// goes beyond <see cref="EstateLimits"/>.
/// </summary>
internal sealed class YamlComposer
{
    private readonly Parser _parser;
    private readonly Dictionary<string, (YamlNode? Node, int Values)> _anchors = [];
    private int _values;

    private readonly int _maxValues;

    private YamlComposer(string text, int maxValues)
    {
        _maxValues = maxValues;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The only document of <paramref name="text"/>; null for a text with nothing in it.</summary>
    /// <exception cref="YamlProblem">The text is not YAML, or more than an estate may be.</exception>
    public static YamlNode? Compose(string text, int maxValues = EstateLimits.MaxValues)
    {
        var composer = new YamlComposer(text, maxValues);
        try
        {
            return composer.ComposeDocument();
        }
        catch (YamlException) when (TabbedLine(text) is { } line)
        {
            throw new YamlProblem(new YamlPosition(line, 1), "this is not YAML: a tab stands in the indentation; expected spaces");
        }
        catch (YamlException problem)
        {
            throw new YamlProblem(PositionOf(problem.Start), $"this is not YAML: {Sentence(problem.Message)}");
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser's own checks let some malformed texts through to an assertion of its scanner; what it read before tells the place.
            var place = composer._parser.Current is { } last ? PositionOf(last.End) : default;
            throw new YamlProblem(place, "this is not YAML: the text after this place cannot be read");
        }
    }

    private YamlNode? ComposeDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ComposeNode(depth: 1);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            throw new YamlProblem(PositionOf(second.Start), "a second document begins here; expected one estate in a file");
        }

        return root;
    }

    private YamlNode ComposeNode(int depth)
    {
        var position = PositionOf(_parser.Current!.Start);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Follow(alias, position);
        }

        if (depth > EstateLimits.MaxDepth)
        {
            throw new YamlProblem(position, $"values are nested more than {EstateLimits.MaxDepth} levels deep");
        }

        Count(1, position);
        var before = _values;
        if (_parser.Current is not NodeEvent start)
        {
            // Seen after a key such as ": :" that the parser leaves without a value.
            throw new YamlProblem(position, "this is not YAML: a value is missing here");
        }

        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            throw new YamlProblem(position, $"tag {start.Tag} is not allowed; expected a plain value");
        }

        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null)
        {
            _anchors[anchor] = (null, 0);
        }

        YamlNode node = start switch
        {
            Scalar scalar => ComposeScalar(scalar, position),
            SequenceStart => ComposeSequence(position, depth),
            _ => ComposeMapping(position, depth),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = (node, _values - before + 1);
        }

        return node;
    }

    private YamlNode Follow(AnchorAlias alias, YamlPosition position)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
        {
            throw new YamlProblem(position, $"alias *{alias.Value} has no anchor before it");
        }

        if (target.Node is null)
        {
            throw new YamlProblem(position, $"alias *{alias.Value} stands inside its own anchor");
        }

        Count(target.Values, position);
        return target.Node;
    }

    private void Count(int values, YamlPosition position)
    {
        _values += values;
        if (_values > _maxValues)
        {
            throw new YamlProblem(position, $"the file has more than {_maxValues} values, aliases followed");
        }
    }

    private YamlScalar ComposeScalar(Scalar scalar, YamlPosition position)
    {
        _parser.MoveNext();
        return new YamlScalar(position, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private YamlSequence ComposeSequence(YamlPosition position, int depth)
    {
        _parser.MoveNext();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ComposeNode(depth + 1));
        }

        return new YamlSequence(position, items.ToImmutable());
    }

    private YamlMapping ComposeMapping(YamlPosition position, int depth)
    {
        _parser.MoveNext();
        var entries = ImmutableArray.CreateBuilder<(YamlScalar, YamlNode)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyPosition = PositionOf(_parser.Current!.Start);
            if (ComposeNode(depth + 1) is not YamlScalar key)
            {
                throw new YamlProblem(keyPosition, "a key must be a name, not a list or a mapping");
            }

            // A key that is an alias stands where it is used, not where it was anchored.
            entries.Add((key with { Position = keyPosition }, ComposeNode(depth + 1)));
        }

        return new YamlMapping(position, entries.ToImmutable());
    }

    private static YamlPosition PositionOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static int? TabbedLine(string text)
    {
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.TrimStart(' ').StartsWith('\t'))
            {
                return index + 1;
            }
        }

        return null;
    }

    private static string Sentence(string message)
    {
        var text = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
