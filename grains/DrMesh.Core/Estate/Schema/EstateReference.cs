using System.Globalization;
using System.Text;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Shapes;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Schema;

/// <summary>The reference of the estate's keys as Markdown, from the same shapes the parser uses.</summary>
public static class EstateReference
{
    /// <summary>One table of keys for each kind of entry, the whole file first.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        var pending = new Queue<(ObjectShape Shape, string Path)>([(ObjectShape.Of(typeof(EstateDocument)), "")]);
        var seen = new HashSet<Type>();
        while (pending.TryDequeue(out var next))
        {
            if (next.Shape.VariantKey is not null)
            {
                foreach (var form in next.Shape.Variants.Values)
                {
                    pending.Enqueue((form, next.Path));
                }
            }
            else if (seen.Add(next.Shape.Type))
            {
                Section(text, next.Shape, next.Path, pending);
            }
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, ObjectShape shape, string path, Queue<(ObjectShape, string)> pending)
    {
        var form = shape.Discriminator is { } chosen ? $", {chosen.Key}: {chosen.Value}" : "";
        text.Append(CultureInfo.InvariantCulture, $"### {(path.Length == 0 ? "The file" : $"`{path}`{form}")}\n\n");
        if (shape.NameDescription is { } name)
        {
            text.Append(CultureInfo.InvariantCulture, $"`NAME` is {name.Meaning}{(name.RefersTo is null ? "" : $", one of `{name.RefersTo}`")}.\n\n");
        }

        if (!shape.OneOf.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"Exactly one of {string.Join(", ", shape.OneOf.Select(key => $"`{key}`"))} must be given.\n\n");
        }

        text.Append("| key | value | without it | meaning |\n|---|---|---|---|\n");
        if (shape.Discriminator is { } discriminator)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{discriminator.Key}` | `{discriminator.Value}` | **required** | the kind of entry |\n");
        }

        foreach (var key in shape.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{key.Key}` | {Value(key)} | {Without(key)} | {key.Description.Meaning} |\n");
            var keyPath = path.Length == 0 ? key.Key : $"{path}.{key.Key}";
            switch (key.Value)
            {
                case ObjectValueShape inner:
                    pending.Enqueue((inner.Object, keyPath));
                    break;
                case ObjectListShape list:
                    pending.Enqueue((list.Object, $"{keyPath}[]"));
                    break;
                case NamedEntriesShape entries:
                    pending.Enqueue((entries.Object, $"{keyPath}.NAME"));
                    break;
            }
        }

        text.Append('\n');
    }

    private static string Value(KeyShape key) => key.Value switch
    {
        ScalarShape scalar => Scalar(scalar.Kind, key) + Limits(key),
        ScalarListShape list => $"list of {Scalar(list.Kind, key)}{(key.Description.AtLeast is null ? "" : ", one or more")}",
        ObjectListShape => "list of entries",
        NamedEntriesShape => $"entries by name{(key.Description.AtLeast is null ? "" : ", one or more")}",
        _ => "entry",
    };

    private static string Scalar(ScalarKind kind, KeyShape key) => key.Description.RefersTo is { } section && section != "nodes" ? $"name of `{section}`" : kind.TypeName;

    private static string Limits(KeyShape key) => (key.Description.AtLeast, key.Description.AtMost) switch
    {
        (null, null) => "",
        (var least, null) => $", at least {least}",
        (null, var most) => $", at most {most}",
        var (least, most) => least == most ? $", {least}" : $", {least} to {most}",
    };

    private static string Without(KeyShape key) =>
        key.IsRequired ? "**required**"
        : key.Description.Otherwise is { } otherwise ? otherwise
        : key is { Value: ScalarShape scalar, Default: { } standard } ? $"`{scalar.Kind.Format(standard)}`"
        : key is { Value: ObjectValueShape, Default: not null } ? "its defaults"
        : key.Value is ScalarShape or ObjectValueShape ? "none"
        : "empty";
}
